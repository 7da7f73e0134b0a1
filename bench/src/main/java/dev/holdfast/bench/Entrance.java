package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The doors of Holdfast through which a key can be asked for. */
enum Entrance {
    BINDING {
        @Override
        String target(Room room, String key) {
            return prefix(room) + key + "?urlencoded=true";
        }

        @Override
        String prefix(Room room) {
            return "/kv/" + room.namespace() + "/";
        }
    },
    V1 {
        @Override
        String prefix(Room room) {
            return "/v1/namespaces/" + room.namespace() + "/values/";
        }
    },
    REST {
        @Override
        String prefix(Room room) {
            return "/client/v4/accounts/" + room.account() + "/storage/kv/namespaces/" + room.namespace() + "/values/";
        }
    },
    MINIFLARE {
        @Override
        String target(Room room, String key) {
            return prefix(room) + room.token() + "?BENCH=" + room.namespace();
        }

        @Override
        String prefix(Room room) {
            return "/miniflare/";
        }

        // The path holds the token, and the headers the request. The other servers look for the token where it always
        // is.
        @Override
        List<Header> headers(Room room, String key) {
            return List.of(
                    authorization(room),
                    new Header("MF-Binding", "BENCH"),
                    new Header("MF-URL", "http://fake-host/" + key + "?urlencoded=true"));
        }

        // h2load sends the same headers with every request, and Miniflare speaks HTTP/1.1 only.
        @Override
        Set<Protocol> protocols() {
            return Set.of(Protocol.HTTP1, Protocol.PIPELINED);
        }
    };

    /**
     * Where a door leads to.
     *
     * @param token of whoever asks
     */
    record Room(String account, String namespace, String token) {}

    static List<String> names() {
        return Arrays.stream(values()).map(Entrance::toString).toList();
    }

    static Entrance named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** What the targets of all keys begin with. */
    abstract String prefix(Room room);

    String target(Room room, String key) {
        return prefix(room) + key;
    }

    List<Header> headers(Room room, String key) {
        return List.of(authorization(room));
    }

    Set<Protocol> protocols() {
        return Set.of(Protocol.values());
    }

    Ask get(Room room, Load.Entry entry) {
        return Ask.get(target(room, entry.key()), headers(room, entry.key()));
    }

    Ask put(Room room, Load.Entry entry) {
        return new Ask("PUT", target(room, entry.key()), headers(room, entry.key()), entry.value());
    }

    private static Header authorization(Room room) {
        return new Header("Authorization", "Bearer " + room.token());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.TransportFailure;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Single requests, each held against what the histories of the keys allow. Thread-safe. */
final class Requests {
    /** What cannot be read for a moment is not lost. */
    private static final int TRIES_TO_READ_BACK = 100;

    private static final long PAUSE_MILLIS = 50;
    /** The homes are to be tried, not the cache before them. */
    private static final String ASKED = "?mode=confirmed";

    private static final int LONGEST_LISTING = 1_000;
    private static final Map<String, String> OCTETS = Map.of("Content-Type", "application/octet-stream");

    private final Api store;
    private final String namespace;
    private final Payload payload;
    private final KeyHistory[] histories;
    private final Tally tally;

    /** @param namespace path of the namespace, without a slash at the end */
    Requests(Api store, String namespace, Payload payload, KeyHistory[] histories, Tally tally) {
        this.store = store;
        this.namespace = namespace;
        this.payload = payload;
        this.histories = histories;
        this.tally = tally;
    }

    static String name(int key) {
        return "key-" + key;
    }

    private String path(String key) {
        return namespace + "/values/" + key;
    }

    /** Writes or deletes the key, whose only writer the caller is. @return false when that failed */
    boolean write(int key, boolean delete) throws InterruptedException {
        KeyHistory history = histories[key];
        long sequence = delete ? history.deleteBegins() : history.writeBegins();
        try {
            Reply reply = delete
                    ? store.exchange("DELETE", path(name(key)), Map.of(), BodyPublishers.noBody())
                    : store.exchange(
                            "PUT", path(name(key)), OCTETS, BodyPublishers.ofByteArray(payload.of(key, sequence)));
            OptionalLong version = version(reply);
            if (reply.ok() && version.isPresent()) {
                history.writeAcknowledged(sequence, version.getAsLong());
                return true;
            }
            // 503: nothing has happened, says the server, and it is held to that.
            if (reply.status() == 503) {
                history.writeRefused(sequence);
            } else {
                history.writeInDoubt(sequence);
            }
            tally.failure("write: " + reply.status() + " " + reply.problem().code());
        } catch (TransportFailure broken) {
            history.writeInDoubt(sequence);
            tally.failure("write: " + reason(broken));
        }
        return false;
    }

    /** @return false when that failed */
    boolean read(int key) throws InterruptedException {
        KeyHistory history = histories[key];
        KeyHistory.Published floor = history.readBegins();
        try {
            Reply reply = store.exchange("GET", path(name(key)) + ASKED, Map.of(), BodyPublishers.noBody());
            if (reply.ok() || reply.status() == 404) {
                judge(name(key), verdict(history, key, floor, reply), reply);
                return true;
            }
            tally.failure("read: " + reply.status() + " " + reply.problem().code());
        } catch (TransportFailure broken) {
            tally.failure("read: " + reason(broken));
        }
        return false;
    }

    /** Reads a key that nobody ever writes. @return false when that failed */
    boolean readUnknown(int number) throws InterruptedException {
        String name = "never-" + number;
        try {
            Reply reply = store.exchange("GET", path(name) + ASKED, Map.of(), BodyPublishers.noBody());
            if (reply.ok()) {
                tally.wrong(name, KeyHistory.invented("a value, though nobody has written one"));
                return true;
            }
            if (reply.status() == 404) {
                return true;
            }
            tally.failure(
                    "read of nothing: " + reply.status() + " " + reply.problem().code());
        } catch (TransportFailure broken) {
            tally.failure("read of nothing: " + reason(broken));
        }
        return false;
    }

    /** Lists the keys whose names begin with that of {@code key}. @return false when that failed */
    boolean list(int key) throws InterruptedException {
        Map<String, Integer> expected = beginningWith(key);
        Map<Integer, KeyHistory.Published> floors = new HashMap<>();
        expected.values().forEach(each -> floors.put(each, histories[each].readBegins()));
        try {
            Reply reply = store.exchange(
                    "GET",
                    namespace + "/keys?limit=" + LONGEST_LISTING + "&prefix=" + name(key),
                    Map.of(),
                    BodyPublishers.noBody());
            if (reply.ok()) {
                judge(reply.json(), expected, floors);
                return true;
            }
            tally.failure("list: " + reply.status() + " " + reply.problem().code());
        } catch (TransportFailure broken) {
            tally.failure("list: " + reason(broken));
        }
        return false;
    }

    private Map<String, Integer> beginningWith(int key) {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (long first = key, width = 1; first < histories.length; first *= 10, width *= 10) {
            for (long i = first; i < Math.min(first + width, histories.length); i++) {
                names.put(name((int) i), (int) i);
            }
            if (first == 0) {
                break;
            }
        }
        return names;
    }

    private void judge(JsonNode page, Map<String, Integer> expected, Map<Integer, KeyHistory.Published> floors) {
        Map<String, String> listed = new HashMap<>();
        String last = "";
        for (JsonNode one : page.path("keys")) {
            last = Json.text(one, "name", "");
            listed.put(last, Json.text(one, "version", ""));
        }
        boolean whole = page.path("cursor").isNull() || page.path("cursor").isMissingNode();
        for (Map.Entry<String, Integer> each : expected.entrySet()) {
            String name = each.getKey();
            KeyHistory history = histories[each.getValue()];
            KeyHistory.Published floor = floors.get(each.getValue());
            String version = listed.remove(name);
            if (floor == null || (version == null && !whole && name.compareTo(last) > 0)) {
                continue;
            }
            KeyHistory.Verdict verdict = version == null
                    ? history.absent(floor)
                    : history.listed(floor, number(version).orElse(0));
            if (!verdict.right()) {
                tally.wrong(name, verdict.in("listing"));
            }
        }
        listed.forEach((name, version) ->
                tally.wrong(name, KeyHistory.invented("in a listing, at version " + version + ", out of place")));
        if (!page.path("confirmed").asBoolean(true)) {
            tally.unconfirmed();
        }
    }

    private void judge(String name, KeyHistory.Verdict verdict, Reply reply) {
        if (!verdict.right()) {
            tally.wrong(name, verdict);
        } else if (reply.header("holdfast-confirmed").orElse("true").equals("false")) {
            tally.unconfirmed();
        }
    }

    private KeyHistory.Verdict verdict(KeyHistory history, int key, KeyHistory.Published floor, Reply reply) {
        if (reply.status() == 404) {
            return history.absent(floor);
        }
        OptionalLong sequence = payload.sequence(key, reply.body());
        if (sequence.isEmpty()) {
            return KeyHistory.invented("bytes that no write has left");
        }
        OptionalLong version = version(reply);
        return version.isPresent()
                ? history.found(floor, sequence.getAsLong(), version.getAsLong())
                : KeyHistory.invented("a value without its version (no header Holdfast-Version)");
    }

    /** Reads the key once more, when all writing is over. @return why its newest acknowledged write is not there, or empty */
    String missing(int key) throws InterruptedException {
        KeyHistory history = histories[key];
        KeyHistory.Published newest = history.acknowledged();
        if (newest.sequence() < 0) {
            return "";
        }
        String expected = name(key) + ": write " + newest.sequence() + " was acknowledged, and ";
        String instead = "";
        for (int i = 0; i < TRIES_TO_READ_BACK; i++) {
            try {
                Reply reply = store.exchange("GET", path(name(key)) + "?mode=fresh", Map.of(), BodyPublishers.noBody());
                if (reply.ok() || reply.status() == 404) {
                    KeyHistory.Verdict verdict = verdict(history, key, newest, reply);
                    return verdict.right() ? "" : expected + "the answer was " + verdict.sentence();
                }
                instead = "the read failed with " + reply.status();
            } catch (TransportFailure broken) {
                instead = "the read failed: " + reason(broken);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return expected + instead;
    }

    private static OptionalLong version(Reply reply) {
        return number(reply.header("holdfast-version").orElse(""));
    }

    private static OptionalLong number(String hex) {
        try {
            return OptionalLong.of(HexFormat.fromHexDigitsToLong(hex));
        } catch (IllegalArgumentException _) {
            return OptionalLong.empty();
        }
    }

    private static String reason(TransportFailure broken) {
        Throwable cause = broken.getCause();
        return cause == null ? "no answer in time" : cause.getClass().getSimpleName() + " " + cause.getMessage();
    }
}

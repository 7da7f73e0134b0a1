package dev.holdfast.server.binding;

import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which namespace a call names, and what is left of its path. The URL of a binding has no place for a namespace, so that there
 * are three ways to name one; the header goes first, since a configuration sets it on purpose.
 *
 * @param name id or title; of the host and the path always an id
 * @param path raw, beginning with a slash
 */
record Room(String name, boolean titleAllowed, String path) {
    static final String HEADER = "X-Holdfast-Namespace";
    private static final String PREFIX = "/kv/";
    private static final int ID_LENGTH = 32;

    /** Null when the call names no namespace, and is not for this door. */
    static @Nullable Room of(Call call) {
        byte[] header = call.headerBytes(HEADER);
        if (header != null) {
            return new Room(new String(header, StandardCharsets.UTF_8), true, call.path());
        }
        String host = call.host();
        if (host.length() > ID_LENGTH && host.charAt(ID_LENGTH) == '.' && isId(host.substring(0, ID_LENGTH))) {
            return new Room(host.substring(0, ID_LENGTH), false, call.path());
        }
        String path = call.path();
        if (!path.startsWith(PREFIX)) {
            return null;
        }
        int end = path.indexOf('/', PREFIX.length());
        return end < 0
                ? new Room(path.substring(PREFIX.length()), false, "/")
                : new Room(path.substring(PREFIX.length(), end), false, path.substring(end));
    }

    boolean named() {
        return isId(name);
    }

    static boolean isId(String text) {
        return text.length() == ID_LENGTH && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }
}

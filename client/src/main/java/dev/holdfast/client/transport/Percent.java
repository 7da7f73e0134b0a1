package dev.holdfast.client.transport;

import java.nio.charset.StandardCharsets;

/** Percent-encoding that leaves nothing to interpretation: only RFC 3986's unreserved characters stay as they are. */
public final class Percent {
    private static final String HEX = "0123456789ABCDEF";

    private Percent() {}

    /** {@code text} as one path segment or one query value. */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (one & 0xff);
            if (unreserved(character)) {
                encoded.append(character);
            } else {
                encoded.append('%').append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 0xf));
            }
        }
        return encoded.toString();
    }

    private static boolean unreserved(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "-._~".indexOf(character) >= 0;
    }
}

package dev.holdfast.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-encoding in paths, where {@code +} is a plus. */
public final class PercentEncoding {

    private PercentEncoding() {}

    /**
     * Decodes a piece of a raw path once.
     *
     * @return the bytes it stands for, which need not be UTF-8
     * @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits
     */
    public static byte[] decode(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        if (raw.indexOf('%') < 0) {
            return bytes;
        }
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int octet = octetAt(bytes, i);
                if (octet < 0) {
                    throw new IllegalArgumentException("\"%\" is not followed by two hexadecimal digits");
                }
                bytes[length++] = (byte) octet;
                i += 2;
            } else {
                bytes[length++] = bytes[i];
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** The octet that {@code %xy} at {@code at} stands for; negative when it is none. */
    static int octetAt(byte[] bytes, int at) {
        if (at + 2 >= bytes.length) {
            return -1;
        }
        int high = Character.digit(bytes[at + 1], 16);
        int low = Character.digit(bytes[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}

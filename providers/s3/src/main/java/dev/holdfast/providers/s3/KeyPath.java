package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import org.jspecify.annotations.Nullable;

/**
 * A key as a part of an object's name, so that the order of names is the order of keys.
 *
 * <p>base32hex in small letters without padding keeps the order of unsigned bytes, and a key that begins another one is its beginning. Its
 * end is marked by a dot, which is below all digits, so it comes first. After each {@value #PART} digits that are followed by more there is a
 * slash, between the two: stores that keep objects as files bound the length of a file's name.
 */
final class KeyPath {
    /** Below {@code /} and all digits. */
    static final char END = '.';

    private static final int PART = 128;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";

    private KeyPath() {}

    static String of(byte[] key) {
        return inParts(digits(key));
    }

    /** What the paths of all keys that begin with these bytes begin with; those of a few other keys do, too. */
    static String ofAllWith(byte[] prefix) {
        return inParts(digits(prefix).substring(0, prefix.length * 8 / 5));
    }

    /** @throws IllegalArgumentException when it is not the path of a key */
    static Key key(String path) {
        byte[] bytes = new byte[path.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                continue;
            }
            int digit = DIGITS.indexOf(c);
            if (digit < 0) {
                throw new IllegalArgumentException("no path of a key: " + path);
            }
            bits = (bits << 5 | digit) & 0xfff;
            held += 5;
            if (held >= 8) {
                held -= 8;
                bytes[at++] = (byte) (bits >>> held);
            }
        }
        Key key = Key.of(at == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, at));
        if (!of(key.bytes()).equals(path)) {
            throw new IllegalArgumentException("no path of a key: " + path);
        }
        return key;
    }

    /** The key of an object whose name begins with {@code records}; null for one that is not ours. */
    static @Nullable Key ofObject(String records, String object) {
        int dot = object.lastIndexOf(END);
        if (dot <= records.length()) {
            return null;
        }
        try {
            return key(object.substring(records.length(), dot));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static String digits(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 8 / 5 + 1);
        int bits = 0;
        int held = 0;
        for (byte b : bytes) {
            bits = (bits << 8 | (b & 0xff)) & 0xfff;
            held += 8;
            while (held >= 5) {
                held -= 5;
                out.append(DIGITS.charAt(bits >>> held & 31));
            }
        }
        if (held > 0) {
            out.append(DIGITS.charAt(bits << (5 - held) & 31));
        }
        return out.toString();
    }

    private static String inParts(String digits) {
        StringBuilder out = new StringBuilder(digits.length() + digits.length() / PART);
        for (int from = 0; from < digits.length(); from += PART) {
            if (from > 0) {
                out.append('/');
            }
            out.append(digits, from, Math.min(digits.length(), from + PART));
        }
        return out.toString();
    }
}

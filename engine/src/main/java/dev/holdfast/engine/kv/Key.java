package dev.holdfast.engine.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a record within its namespace: 1 to 512 bytes of UTF-8, ordered by unsigned bytes, not "." or "..".
 *
 * <p>Immutable, as long as nobody writes to what {@link #bytes} returns: it is not copied, since every read passes here.
 */
public final class Key implements Comparable<Key> {
    private final byte[] bytes;

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException with a sentence for people, when {@code name} is no legal key */
    public static Key of(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        // Half a surrogate pair would become a question mark: another key.
        if (name.chars().anyMatch(c -> Character.isSurrogate((char) c))
                && !name.equals(new String(utf8, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("The key is not valid UTF-8.");
        }
        return of(utf8);
    }

    /** @throws IllegalArgumentException with a sentence for people, when {@code utf8} is no legal key */
    public static Key of(byte[] utf8) {
        if (utf8.length == 0) {
            throw new IllegalArgumentException("Key names must not be empty");
        }
        if (utf8.length > Limits.KEY_BYTES) {
            throw new IllegalArgumentException("UTF-8 encoded length of " + utf8.length
                    + " exceeds key length limit of " + Limits.KEY_BYTES + ".");
        }
        if (utf8[0] == '.' && (utf8.length == 1 || (utf8.length == 2 && utf8[1] == '.'))) {
            throw new IllegalArgumentException("Illegal key name \"" + new String(utf8, StandardCharsets.UTF_8)
                    + "\". Please use a different name.");
        }
        for (byte b : utf8) {
            if (b < 0) {
                requireUtf8(utf8);
                break;
            }
        }
        return new Key(utf8);
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("The key is not valid UTF-8.", e);
        }
    }

    /** The UTF-8 form. Not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean startsWith(byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Key other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

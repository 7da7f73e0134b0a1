package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Key;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a namespace, as bytes in unsigned order.
 *
 * @param from the first, inclusive; empty for the beginning
 * @param to the end, exclusive; null for none
 */
public record KeyRange(byte[] from, byte @Nullable [] to) {
    public static final KeyRange ALL = new KeyRange(new byte[0], null);

    /** What orders right after a key. */
    static byte[] next(Key key) {
        return Arrays.copyOf(key.bytes(), key.bytes().length + 1);
    }

    /** What orders after every key: no UTF-8 begins so. */
    static byte[] afterEveryKey() {
        return new byte[] {(byte) 0xff};
    }
}

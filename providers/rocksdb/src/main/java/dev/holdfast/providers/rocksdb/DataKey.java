package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How a record's address lies in the database: the 16 bytes of the namespace id, then the key. */
final class DataKey {
    private DataKey() {}

    static byte[] of(NamespaceId namespace, byte[] key) {
        return ByteBuffer.allocate(NamespaceId.BYTES + key.length)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .put(key)
                .array();
    }

    static Key key(byte[] dataKey) {
        return Key.of(Arrays.copyOfRange(dataKey, NamespaceId.BYTES, dataKey.length));
    }

    /** The first address after all that begin so; null when there is none. */
    static byte @Nullable [] afterAll(byte[] beginning) {
        for (int i = beginning.length - 1; i >= 0; i--) {
            if (beginning[i] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(beginning, i + 1);
                after[i]++;
                return after;
            }
        }
        return null;
    }

    /** The first address after this one. */
    static byte[] next(byte[] dataKey) {
        return Arrays.copyOf(dataKey, dataKey.length + 1);
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A key together with its namespace. */
public record KeyRef(NamespaceId namespace, Key key) {

    /** A spread-out 64-bit hash, the same in every run. */
    public long hash() {
        long h = namespace.high() * 0x9E3779B97F4A7C15L + namespace.low();
        h = (h ^ Arrays.hashCode(key.bytes())) * 0xBF58476D1CE4E5B9L;
        byte[] bytes = key.bytes();
        for (int i = 0; i < bytes.length; i++) {
            h = (h ^ bytes[i]) * 0x100000001B3L;
        }
        h ^= h >>> 29;
        h *= 0x94D049BB133111EBL;
        return h ^ (h >>> 32);
    }

    /** Namespace id, then key: ordered as the keys are. */
    public byte[] bytes() {
        return ByteBuffer.allocate(NamespaceId.BYTES + key.bytes().length)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .put(key.bytes())
                .array();
    }

    /** What the {@link #bytes} of all keys of a namespace begin with; before the first of them. */
    public static byte[] first(NamespaceId namespace) {
        return ByteBuffer.allocate(NamespaceId.BYTES)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .array();
    }

    /** After the {@link #bytes} of all keys of a namespace, which is not the last one that can be. */
    public static byte[] end(NamespaceId namespace) {
        long low = namespace.low() + 1;
        return first(new NamespaceId(low == 0 ? namespace.high() + 1 : namespace.high(), low));
    }

    /** What {@link #bytes} gave, from {@code offset} on. */
    public static KeyRef parse(byte[] bytes, int offset) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
        NamespaceId namespace = new NamespaceId(in.getLong(), in.getLong());
        return new KeyRef(namespace, Key.of(Arrays.copyOfRange(bytes, in.position(), bytes.length)));
    }
}

package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.NamespaceId;
import java.nio.ByteBuffer;

/** A namespace as a {@code bytea}: the 16 bytes of its id. */
final class SqlNamespace {
    private SqlNamespace() {}

    static byte[] of(NamespaceId namespace) {
        return ByteBuffer.allocate(NamespaceId.BYTES)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .array();
    }
}

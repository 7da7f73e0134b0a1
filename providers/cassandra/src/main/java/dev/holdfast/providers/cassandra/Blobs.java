package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Our words as Cassandra's blobs, and back. */
final class Blobs {
    static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private Blobs() {}

    static byte[] bytes(@Nullable ByteBuffer blob) {
        if (blob == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[blob.remaining()];
        blob.duplicate().get(bytes);
        return bytes;
    }

    static ByteBuffer of(NamespaceId namespace) {
        return ByteBuffer.allocate(NamespaceId.BYTES)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .flip();
    }

    static ByteBuffer of(Version version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version.bits()).flip();
    }

    /** {@link Version#NONE} where there is nothing. */
    static Version version(@Nullable ByteBuffer blob) {
        return blob == null || blob.remaining() != Long.BYTES
                ? Version.NONE
                : new Version(blob.getLong(blob.position()));
    }

    /** The timestamp whose signed order is the unsigned order of versions. Not for {@link Version#NONE}, which has none. */
    static long timestamp(Version version) {
        return version.bits() ^ Long.MIN_VALUE;
    }
}

package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values that are too large for a row. Each writing of one has an id of its own, is never changed, and is there as a whole
 * before a row refers to it; it is deleted once no row does.
 */
final class Chunks {
    private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);
    private static final int AT_ONCE = 4;
    /** More than the largest value has; a damaged row may say any number. */
    private static final int MOST = 2 + Limits.VALUE_BYTES / StoredRow.CHUNK_BYTES;

    private Chunks() {}

    static void write(
            Cluster cluster,
            Place place,
            NamespaceId namespace,
            Key key,
            Version version,
            byte[] encoded,
            int from,
            UUID writing)
            throws ProviderFault {
        Deque<CompletionStage<AsyncResultSet>> underWay = new ArrayDeque<>();
        int part = 0;
        for (int at = from; at < encoded.length; at += StoredRow.CHUNK_BYTES) {
            if (underWay.size() == AT_ONCE) {
                Faults.await(underWay.remove());
            }
            int length = Math.min(StoredRow.CHUNK_BYTES, encoded.length - at);
            underWay.add(cluster.send(
                    cluster.tables.writeChunk,
                    place.incarnation(),
                    writing,
                    part++,
                    Blobs.of(namespace),
                    ByteBuffer.wrap(key.bytes()),
                    Blobs.of(version),
                    ByteBuffer.wrap(encoded, at, length).slice()));
        }
        for (CompletionStage<AsyncResultSet> each : underWay) {
            Faults.await(each);
        }
    }

    /** The encoded record; null when a chunk is missing. */
    static byte @Nullable [] read(Cluster cluster, Place place, StoredRow row) throws ProviderFault {
        if (row.chunks() < 1 || row.chunks() > MOST) {
            return null;
        }
        AsyncResultSet page = cluster.run(cluster.bind(cluster.tables.readChunks, place.incarnation(), row.writing())
                .setPageSize(AT_ONCE));
        ByteBuffer record = ByteBuffer.allocate(row.head().length + row.chunks() * StoredRow.CHUNK_BYTES);
        record.put(row.head());
        int parts = 0;
        while (true) {
            for (Row each : page.currentPage()) {
                ByteBuffer bytes = each.getByteBuffer("bytes");
                if (each.getInt("part") != parts || bytes == null || bytes.remaining() > record.remaining()) {
                    return null;
                }
                record.put(bytes);
                parts++;
            }
            if (!page.hasMorePages()) {
                break;
            }
            page = Faults.await(page.fetchNextPage());
        }
        return parts == row.chunks() ? Blobs.bytes(record.flip()) : null;
    }

    /** Deletes what no row refers to. What cannot be deleted takes room, and nothing else. */
    static void delete(Cluster cluster, Place place, Iterable<UUID> writings) {
        for (UUID writing : writings) {
            try {
                cluster.run(cluster.tables.deleteChunks, place.incarnation(), writing);
            } catch (ProviderFault e) {
                LOG.warn("chunks {} are left behind: {}", writing, e.getMessage());
            }
        }
    }
}

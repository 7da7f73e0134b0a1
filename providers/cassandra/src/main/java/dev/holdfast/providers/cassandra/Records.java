package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads rows of one bucket as they are at one moment, together with what concerns the bucket as a whole. */
final class Records {
    /** A row that is replaced again and again while it is read is looked at so often. */
    private static final int TRIES = 4;

    private Records() {}

    /**
     * @param made whether the bucket has ever been written to
     * @param revision counts its changes
     * @param floor of the bucket
     */
    record Seen(boolean made, long revision, Version floor, Map<Key, StoredRow> rows) {

        /** The same of a bucket that is about to be made with this floor. */
        Seen withFloor(Version other) {
            return new Seen(made, revision, other, rows);
        }
    }

    static Seen heads(Cluster cluster, Bucket bucket, Collection<Key> keys) throws ProviderFault {
        return read(cluster, bucket, keys, false);
    }

    static Seen whole(Cluster cluster, Bucket bucket, Key key) throws ProviderFault {
        return whole(cluster, bucket, List.of(key));
    }

    static Seen whole(Cluster cluster, Bucket bucket, Collection<Key> keys) throws ProviderFault {
        return read(cluster, bucket, keys, true);
    }

    private static Seen read(Cluster cluster, Bucket bucket, Collection<Key> keys, boolean whole) throws ProviderFault {
        // The empty key, which is nobody's, holds what concerns the bucket.
        List<ByteBuffer> wanted = new ArrayList<>(List.of(Blobs.NOTHING));
        keys.forEach(key -> wanted.add(ByteBuffer.wrap(key.bytes())));
        List<Row> rows = cluster.rows(
                whole ? cluster.tables.readRows : cluster.tables.readHeads,
                bucket.place().incarnation(),
                Blobs.of(bucket.namespace()),
                bucket.start(),
                wanted);
        boolean made = false;
        long revision = 0;
        Version floor = Version.NONE;
        Map<Key, StoredRow> seen = new HashMap<>();
        for (Row row : rows) {
            byte[] key = Blobs.bytes(row.getByteBuffer("key"));
            if (key.length == 0) {
                made = true;
                revision = row.getLong("revision");
                floor = Blobs.version(row.getByteBuffer("floor"));
            } else {
                seen.put(Key.of(key), StoredRow.read(row, whole));
            }
        }
        return new Seen(made, revision, floor, seen);
    }

    /**
     * The record of a row, whose tail need not have been read; null when its row is gone.
     *
     * @throws DamagedRecord when it is damaged, or chunks of it are missing though the row still refers to them
     */
    static @Nullable Record record(Cluster cluster, Bucket bucket, Key key, StoredRow found)
            throws ProviderFault, DamagedRecord {
        StoredRow row = found;
        for (int i = 0; i < TRIES; i++) {
            if (row.tail() != null || row.inChunks()) {
                byte[] encoded = encoded(cluster, bucket.place(), row);
                if (encoded != null) {
                    return RecordFormat.decode(bucket.namespace(), key, encoded);
                }
            }
            // Chunks are deleted once another row is there.
            StoredRow now = whole(cluster, bucket, key).rows().get(key);
            if (now == null) {
                return null;
            }
            if (row.inChunks() && now.writing().equals(row.writing())) {
                throw new DamagedRecord("chunks of the value are missing");
            }
            row = now;
        }
        throw new DamagedRecord("the value was replaced too often while it was read");
    }

    private static byte @Nullable [] encoded(Cluster cluster, Place place, StoredRow row) throws ProviderFault {
        if (row.inChunks()) {
            return Chunks.read(cluster, place, row);
        }
        byte[] tail = Objects.requireNonNull(row.tail());
        return ByteBuffer.allocate(row.head().length + tail.length)
                .put(row.head())
                .put(tail)
                .array();
    }

    /** The version of a row, read in full where its head does not tell whether it is damaged; {@link Version#NONE} when it is. */
    static Version soundVersion(Cluster cluster, Bucket bucket, Key key, StoredRow row) throws ProviderFault {
        try {
            Record record = record(cluster, bucket, key, row);
            return record == null ? Version.NONE : record.version();
        } catch (DamagedRecord e) {
            return Version.NONE;
        }
    }

    static @Nullable Version headVersion(NamespaceId namespace, Key key, StoredRow row) {
        try {
            return row.head(namespace, key).version();
        } catch (DamagedRecord e) {
            return null;
        }
    }
}

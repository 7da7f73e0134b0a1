package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One page of a scan: the buckets that can have something, in order, a few asked at once, and more of them as long as they turn out
 * to be small.
 */
final class Scan {
    private static final int MOST_ROWS = 1000;
    private static final int MOST_AT_ONCE = 16;
    /** A key is 1 byte or more; the empty one is the bucket's own. */
    private static final byte[] FIRST_KEY = {0};

    private final Cluster cluster;
    private final Place place;
    private final NamespaceId namespace;
    private final int limit;
    private final ByteBuffer from;
    private final ByteBuffer to;
    private final List<dev.holdfast.engine.provider.Row> rows = new ArrayList<>();
    private final List<Key> damaged = new ArrayList<>();

    Scan(Cluster cluster, Place place, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        this.cluster = cluster;
        this.place = place;
        this.namespace = namespace;
        this.limit = Math.min(limit, MOST_ROWS);
        byte[] first = prefix.length == 0 ? FIRST_KEY : prefix;
        if (after != null && Arrays.compareUnsigned(after.bytes(), first) >= 0) {
            first = Arrays.copyOf(after.bytes(), after.bytes().length + 1);
        }
        this.from = ByteBuffer.wrap(first);
        this.to = afterAll(prefix);
    }

    /** The first key that no longer begins so, or one past all keys. */
    private static ByteBuffer afterAll(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != -1) {
                byte[] next = Arrays.copyOf(prefix, last + 1);
                next[last]++;
                return ByteBuffer.wrap(next);
            }
        }
        return Directory.AFTER_ALL;
    }

    Page page() throws ProviderFault {
        List<ByteBuffer> buckets =
                Directory.buckets(cluster, place, namespace, Bucket.start(place, Blobs.bytes(from)), to);
        int atOnce = 1;
        for (int next = 0; next < buckets.size(); atOnce = Math.min(2 * atOnce, MOST_AT_ONCE)) {
            List<CompletionStage<AsyncResultSet>> answers = new ArrayList<>();
            for (int i = 0; i < atOnce && next < buckets.size(); i++) {
                answers.add(ask(buckets.get(next++)));
            }
            for (CompletionStage<AsyncResultSet> answer : answers) {
                if (!take(Cluster.all(Faults.await(answer)))) {
                    return new Page(rows, false, damaged);
                }
            }
        }
        return new Page(rows, true, damaged);
    }

    private CompletionStage<AsyncResultSet> ask(ByteBuffer bucket) throws ProviderFault {
        // One more than there is room for, so that a full page knows whether it is the end.
        int wanted = limit - rows.size() - damaged.size() + 1;
        return cluster.send(cluster.tables.scan, place.incarnation(), Blobs.of(namespace), bucket, from, to, wanted);
    }

    /** @return false when there is more than the page has room for */
    private boolean take(List<Row> found) {
        for (Row row : found) {
            if (rows.size() + damaged.size() == limit) {
                return false;
            }
            Key key = Key.of(Blobs.bytes(row.getByteBuffer("key")));
            try {
                rows.add(new dev.holdfast.engine.provider.Row(
                        key,
                        StoredRow.head(
                                namespace,
                                key,
                                Blobs.bytes(row.getByteBuffer("head")),
                                Blobs.bytes(row.getByteBuffer("seal")))));
            } catch (DamagedRecord e) {
                damaged.add(key);
            }
        }
        return true;
    }
}

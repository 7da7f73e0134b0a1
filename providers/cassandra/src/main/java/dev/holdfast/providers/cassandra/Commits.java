package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of a bucket: reads what decides them, decides, and writes what comes of it in one conditional batch, which applies
 * only if the bucket's revision is still the one that was read. Otherwise another node was faster, and all of it is done again.
 *
 * <p>A batch whose outcome is not known may still apply, and only if nothing else did before. Doing it again is then harmless: a
 * record that is there already counts as stored.
 */
final class Commits {
    private static final long MOST_PAUSE_NANOS = 50_000_000;
    private static final long FIRST_PAUSE_NANOS = 1_000_000;

    private final Connection connection;
    private final Places places;
    private final Time time;
    private final long patienceNanos;

    Commits(Connection connection, Places places, Time time, long patienceNanos) {
        this.connection = connection;
        this.places = places;
        this.time = time;
        this.patienceNanos = patienceNanos;
    }

    /** Settles every outcome; throws nothing. */
    void commit(Bucket bucket, List<Change> group) {
        try {
            connection.call(cluster -> {
                Decision decision = decide(cluster, bucket, group);
                decision.tell();
                Chunks.delete(cluster, bucket.place(), decision.unused());
                return true;
            });
        } catch (ProviderFault e) {
            group.forEach(change -> change.outcome().completeExceptionally(e));
        } catch (RuntimeException | Error e) {
            ProviderFault fault = Faults.of(e);
            group.forEach(change -> change.outcome().completeExceptionally(fault));
        }
    }

    private Decision decide(Cluster cluster, Bucket bucket, List<Change> group) throws ProviderFault {
        Set<Key> keys = new LinkedHashSet<>();
        group.forEach(change -> keys.addAll(change.keys()));
        long begun = time.nanos();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            Records.Seen seen = Records.heads(cluster, bucket, keys);
            if (!seen.made()) {
                places.requireThere(cluster, bucket.place());
                seen = seen.withFloor(floorOfNew(cluster, bucket, group));
            }
            Decision decision = new Decision(cluster, bucket, seen);
            for (Change change : group) {
                decision.decide(change);
            }
            if (applied(cluster, bucket, seen, decision)) {
                return decision;
            }
            if (time.nanos() - begun > patienceNanos) {
                throw new ProviderFault(
                        FaultKind.THROTTLED, "other nodes change the same bucket of keys too fast for this one");
            }
            pause(time.random().nextLong(pause));
            pause = Math.min(2 * pause, MOST_PAUSE_NANOS);
        }
    }

    private static Version floorOfNew(Cluster cluster, Bucket bucket, List<Change> group) throws ProviderFault {
        // Only a put makes a bucket.
        return group.stream().anyMatch(Change.PutRecord.class::isInstance)
                ? Directory.enter(cluster, bucket)
                : Directory.floors(cluster, bucket.place(), bucket.namespace()).wanted();
    }

    private void pause(long nanos) throws ProviderFault {
        try {
            time.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, "given up while changing a bucket", e);
        }
    }

    private static boolean applied(Cluster cluster, Bucket bucket, Records.Seen seen, Decision decision)
            throws ProviderFault {
        @Nullable
        CompletionStage<AsyncResultSet> batch =
                decision.changesNothing() ? null : cluster.send(batch(cluster, bucket, seen, decision));
        if (!decision.highest().equals(Version.NONE)) {
            // Beside it: whoever is told of the put is told after both. Too high a mark does no harm.
            Faults.await(HighWater.raise(cluster, bucket, decision.highest()));
        }
        return batch == null || Faults.await(batch).wasApplied();
    }

    private static BatchStatement batch(Cluster cluster, Bucket bucket, Records.Seen seen, Decision decision)
            throws ProviderFault {
        UUID incarnation = bucket.place().incarnation();
        ByteBuffer namespace = Blobs.of(bucket.namespace());
        @Nullable Long before = seen.made() ? seen.revision() : null;
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED)
                .addStatement(cluster.bind(
                        cluster.tables.setRevision,
                        seen.revision() + 1,
                        Blobs.of(decision.floor()),
                        incarnation,
                        namespace,
                        bucket.start(),
                        before));
        for (Key key : decision.changed()) {
            ByteBuffer name = ByteBuffer.wrap(key.bytes());
            StoredRow row = decision.row(key);
            batch.addStatement(
                    row == null
                            ? cluster.bind(cluster.tables.deleteRow, incarnation, namespace, bucket.start(), name)
                            : cluster.bind(
                                    cluster.tables.writeRow,
                                    incarnation,
                                    namespace,
                                    bucket.start(),
                                    name,
                                    ByteBuffer.wrap(row.head()),
                                    ByteBuffer.wrap(row.seal()),
                                    row.tail() == null ? Blobs.NOTHING : ByteBuffer.wrap(row.tail()),
                                    row.writing(),
                                    row.chunks()));
        }
        return batch.build();
    }
}

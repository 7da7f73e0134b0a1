package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The newest version ever put, in a few rows, so that none is written to by everybody. Each is written at a timestamp that is the
 * version itself: it cannot fall, and needs no condition.
 */
final class HighWater {
    private static final int SLOTS = 8;

    private HighWater() {}

    static CompletionStage<AsyncResultSet> raise(Cluster cluster, Bucket bucket, Version version) throws ProviderFault {
        return cluster.send(
                cluster.tables.raiseHighWater,
                Blobs.timestamp(version),
                Blobs.of(version),
                bucket.place().incarnation(),
                Math.floorMod(bucket.hashCode(), SLOTS));
    }

    static Version read(Cluster cluster, Place place) throws ProviderFault {
        List<CompletionStage<AsyncResultSet>> answers = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            answers.add(cluster.send(cluster.tables.readHighWater, place.incarnation(), slot));
        }
        Version newest = Version.NONE;
        for (CompletionStage<AsyncResultSet> answer : answers) {
            Row row = Faults.await(answer).one();
            if (row != null) {
                newest = Version.newest(newest, Blobs.version(row.getByteBuffer("version")));
            }
        }
        return newest;
    }
}

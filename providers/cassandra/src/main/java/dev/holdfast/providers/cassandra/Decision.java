package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a group of changes, one after the other, given what their bucket holds. It comes true only if the bucket has
 * not changed meanwhile; until then nobody is told.
 */
final class Decision {
    private final Cluster cluster;
    private final Bucket bucket;
    private final Map<Key, StoredRow> now;
    private final Version floorBefore;
    private final Set<Key> changed = new LinkedHashSet<>();
    private final List<UUID> unused = new ArrayList<>();
    private final List<Runnable> outcomes = new ArrayList<>();
    private Version floor;
    private Version highest = Version.NONE;

    Decision(Cluster cluster, Bucket bucket, Records.Seen seen) {
        this.cluster = cluster;
        this.bucket = bucket;
        this.now = new HashMap<>(seen.rows());
        this.floorBefore = seen.floor();
        this.floor = seen.floor();
    }

    void decide(Change change) throws ProviderFault {
        switch (change) {
            case Change.PutRecord put -> put(put);
            case Change.Collect collect -> collect(collect);
            case Change.RaiseFloor raise -> {
                floor = Version.newest(floor, raise.floor());
                then(raise.outcome(), floor);
            }
        }
    }

    private <T> void then(CompletableFuture<T> outcome, T value) {
        outcomes.add(() -> outcome.complete(value));
    }

    private void put(Change.PutRecord put) throws ProviderFault {
        StoredRow present = now.get(put.key());
        Put refused = present == null ? refusedByFloor(put) : refusedBy(present, put);
        if (refused != null) {
            // It may be this very writing that is there, where an attempt whose answer was lost has come true.
            if (present == null || !present.writing().equals(put.row().writing())) {
                noLongerUsed(put.row());
            }
            if (refused.stored()) {
                // The attempt that stored it may have failed to say so in the high-water mark.
                highest = Version.newest(highest, put.record().version());
            }
            then(put.outcome(), refused);
            return;
        }
        if (present != null) {
            noLongerUsed(present);
        }
        now.put(put.key(), put.row());
        changed.add(put.key());
        highest = Version.newest(highest, put.record().version());
        then(put.outcome(), new Put(true, put.record().version()));
    }

    private @Nullable Put refusedByFloor(Change.PutRecord put) {
        return put.vouched() || put.record().version().newerThan(floor) ? null : new Put(false, floor);
    }

    private @Nullable Put refusedBy(StoredRow present, Change.PutRecord put) throws ProviderFault {
        NamespaceId namespace = bucket.namespace();
        Version mine = put.record().version();
        Version there = Records.headVersion(namespace, put.key(), present);
        if (there == null || mine.newerThan(there)) {
            return null;
        }
        if (there.newerThan(mine)) {
            return new Put(false, there);
        }
        try {
            Record record = Records.record(cluster, bucket, put.key(), present);
            return record != null && Record.merge(record, put.record()).equals(record)
                    ? new Put(record.equals(put.record()), record.version())
                    : null;
        } catch (DamagedRecord e) {
            return null;
        }
    }

    private void collect(Change.Collect collect) throws ProviderFault {
        int collected = 0;
        for (Exact exact : collect.rows()) {
            StoredRow present = now.get(exact.key());
            if (present != null && exact.version().equals(version(exact, present))) {
                now.remove(exact.key());
                changed.add(exact.key());
                noLongerUsed(present);
                collected++;
            }
        }
        then(collect.outcome(), collected);
    }

    private Version version(Exact exact, StoredRow present) throws ProviderFault {
        Version version = Records.headVersion(bucket.namespace(), exact.key(), present);
        if (version == null) {
            return Version.NONE;
        }
        // The head is sound; the value is looked at only for somebody who says that it is not.
        return exact.version().equals(Version.NONE)
                ? Records.soundVersion(cluster, bucket, exact.key(), present)
                : version;
    }

    private void noLongerUsed(StoredRow row) {
        if (row.inChunks()) {
            unused.add(row.writing());
        }
    }

    boolean changesNothing() {
        return changed.isEmpty() && floor.equals(floorBefore);
    }

    /** The keys whose rows are to be written, or deleted when {@link #row} has none. */
    Set<Key> changed() {
        return changed;
    }

    @Nullable
    StoredRow row(Key key) {
        return now.get(key);
    }

    Version floor() {
        return floor;
    }

    /** The newest version that is stored by it. */
    Version highest() {
        return highest;
    }

    /** The chunks that no row refers to any more, once it has come true. */
    List<UUID> unused() {
        return unused;
    }

    /** Tells everybody, once it has come true. */
    void tell() {
        outcomes.forEach(Runnable::run);
    }
}

package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.compat.Fanout;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of one request, a few at once. Repeating it is safe: what was kept is found as it is, and what was stamped anew is stamped
 * again. One run.
 */
final class ImportBatch {
    /** Writes under way at once: enough for group commit to pay, few enough to leave room for others. */
    private static final int AT_ONCE = 64;

    private static final int TRIES = 5;

    /** What becomes of a line whose key exists. */
    enum OnConflict {
        OVERWRITE,
        SKIP,
        /** Overwritten only by a version that is newer. */
        NEWER
    }

    /** What became of a line. */
    enum Fate {
        /** Written at the version it had. */
        KEPT,
        /** Written at a version of now. */
        RESTAMPED,
        /** The key is there, and is left alone. */
        SKIPPED,
        /** Nobody would see it any more. */
        EXPIRED
    }

    private final Store store;
    private final Namespace namespace;
    private final OnConflict onConflict;
    private final boolean keeps;
    private final boolean dryRun;
    private final Time time;
    private final Map<Fate, LongAdder> fates = new EnumMap<>(Fate.class);
    private final AtomicReference<@Nullable ApiError> refused = new AtomicReference<>();
    private final Map<Key, Version> written = new ConcurrentHashMap<>();
    private final ImportWrites writes;

    /** @param keeps whether lines are written at the versions they have, where that is possible */
    ImportBatch(Store store, Namespace namespace, OnConflict onConflict, boolean keeps, boolean dryRun, Time time) {
        this.store = store;
        this.namespace = namespace;
        this.onConflict = onConflict;
        this.keeps = keeps;
        this.dryRun = dryRun;
        this.time = time;
        this.writes = new ImportWrites(store, namespace, written);
        for (Fate fate : Fate.values()) {
            fates.put(fate, new LongAdder());
        }
    }

    /** @throws ApiError when a line cannot be written now; others of the batch may have been */
    void run(List<ImportLine> lines) throws ApiError {
        Fanout.each(lines.size(), AT_ONCE, time, i -> one(lines.get(i)));
        ApiError error = refused.get();
        if (error != null) {
            throw error;
        }
    }

    long count(Fate fate) {
        LongAdder count = fates.get(fate);
        return count == null ? 0 : count.sum();
    }

    /** At which version a key was written; null when it was not. */
    @Nullable
    Version written(Key key) {
        return written.get(key);
    }

    private boolean one(ImportLine line) {
        try {
            Fate fate = fate(line);
            LongAdder count = fates.get(fate);
            if (count != null) {
                count.increment();
            }
            return true;
        } catch (ApiError error) {
            refused.compareAndSet(null, error);
            return false;
        }
    }

    private Fate fate(ImportLine line) throws ApiError {
        if (line.record().expired(time.wallMillis())) {
            return Fate.EXPIRED;
        }
        if (line.replaces() != null) {
            return new Replacing(writes, dryRun).fate(line, line.replaces());
        }
        boolean keep = keeps && !line.version().equals(Version.NONE);
        if (dryRun) {
            return leaves(line, there(line)) ? Fate.SKIPPED : keep ? Fate.KEPT : Fate.RESTAMPED;
        }
        if (keep) {
            Version there = onConflict == OnConflict.SKIP ? there(line) : null;
            if (there != null) {
                return there.equals(line.version()) ? Fate.KEPT : Fate.SKIPPED;
            }
            if (writes.restored(line)) {
                return Fate.KEPT;
            }
        }
        return stamped(line);
    }

    private Fate stamped(ImportLine line) throws ApiError {
        if (onConflict == OnConflict.OVERWRITE) {
            writes.put(line, Condition.NONE);
            return Fate.RESTAMPED;
        }
        for (int i = 0; i < TRIES; i++) {
            Version there = there(line);
            if (leaves(line, there)) {
                return Fate.SKIPPED;
            }
            if (writes.put(line, there == null ? new Condition.Absent() : new Condition.Matches(there))) {
                return Fate.RESTAMPED;
            }
        }
        // Whoever writes it all the time has the newer one.
        return Fate.SKIPPED;
    }

    private boolean leaves(ImportLine line, @Nullable Version there) {
        return there != null
                && switch (onConflict) {
                    case OVERWRITE -> false;
                    case SKIP -> true;
                    case NEWER -> !line.version().newerThan(there);
                };
    }

    /** The version of the live value that the key holds; null for none. */
    private @Nullable Version there(ImportLine line) throws ApiError {
        return switch (store.get(namespace.id(), line.key(), ReadMode.CONFIRMED)) {
            case Answer.Found found -> found.record().version();
            case Answer.Missing _ -> null;
            case Answer.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
        };
    }
}

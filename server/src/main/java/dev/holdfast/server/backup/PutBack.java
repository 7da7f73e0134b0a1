package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.backup.RestoreResult.Fate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Has one key hold what it held, as a new write: each home, feed and cache hears of it as of any other. It insists on what it has seen, so
 * that a write that comes between is found out; and what was written after the restore began, stays. Thread-safe.
 */
final class PutBack {
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long PAUSE_NANOS = 500_000_000L;

    private final Store reading;
    private final Store writing;
    private final Namespace into;
    private final Version began;
    private final boolean dryRun;
    private final Time time;
    private final RestoreResult result;
    private volatile boolean stopped;

    /**
     * @param reading not the near one: whoever goes through all keys must not fill the cache with them
     * @param writing the near one, which has to hear of it
     */
    PutBack(
            Store reading,
            Store writing,
            Namespace into,
            Version began,
            boolean dryRun,
            Time time,
            RestoreResult result) {
        this.reading = reading;
        this.writing = writing;
        this.into = into;
        this.began = began;
        this.dryRun = dryRun;
        this.time = time;
        this.result = result;
    }

    /** What a key holds now. */
    private sealed interface Present {
        /** @param record null when it was only listed */
        record Value(Version version, @Nullable Record record) implements Present {}

        /** @param asOf when it was deleted, if that is known */
        record Nothing(Version asOf) implements Present {}

        record Unknown(String why) implements Present {}
    }

    /**
     * @param target what it held; null for nothing
     * @param listed what it holds now, as it was listed; null for nothing
     */
    void settle(Key key, @Nullable Record target, @Nullable Head listed) {
        try {
            long until = time.nanos() + PATIENCE_NANOS;
            Fate changes = null;
            Present present = listed == null || (target != null && similar(target, listed))
                    ? read(key)
                    : new Present.Value(listed.version(), null);
            while (!stopped) {
                Fate fate = fate(target, present);
                if (fate == null) {
                    if (time.nanos() - until >= 0) {
                        result.failed(key, ((Present.Unknown) present).why());
                        return;
                    }
                    time.sleep(PAUSE_NANOS);
                } else if (fate == Fate.EQUAL || fate == Fate.WRITTEN_MEANWHILE) {
                    // After a write of which nobody could say whether it happened, it may be its own.
                    result.count(fate == Fate.EQUAL && changes != null ? changes : fate, key);
                    return;
                } else {
                    changes = fate;
                    if (dryRun || write(key, target, present)) {
                        result.count(fate, key);
                        return;
                    }
                    if (time.nanos() - until >= 0) {
                        result.failed(key, "the store did not take it in time");
                        return;
                    }
                    time.sleep(PAUSE_NANOS / 10);
                }
                present = read(key);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is under way is given up at the next pause. */
    void stop() {
        stopped = true;
    }

    /** Whether it may be the same content at another version. */
    private static boolean similar(Record target, Head listed) {
        return target.expiration() == listed.expiration()
                && target.value().length == listed.valueBytes()
                && Arrays.equals(target.metadata(), listed.metadata());
    }

    private Present read(Key key) {
        return switch (reading.get(into.id(), key, ReadMode.FRESH)) {
            case Answer.Found(Record record, var _) -> new Present.Value(record.version(), record);
            case Answer.Missing(Version asOf, var _) -> new Present.Nothing(asOf);
            case Answer.Unavailable(Store.Refusal why) -> new Present.Unknown(why.sentence());
        };
    }

    /** Null when nobody can say yet. */
    private @Nullable Fate fate(@Nullable Record target, Present present) {
        return switch (present) {
            case Present.Unknown _ -> null;
            case Present.Nothing(Version asOf) -> {
                if (target == null) {
                    yield Fate.EQUAL;
                }
                yield asOf.newerThan(began) && !floor(asOf) ? Fate.WRITTEN_MEANWHILE : Fate.PUT_BACK;
            }
            case Present.Value(Version version, Record record) -> {
                if (target != null && record != null && same(target, record)) {
                    yield Fate.EQUAL;
                }
                if (version.newerThan(began)) {
                    yield Fate.WRITTEN_MEANWHILE;
                }
                yield target == null ? Fate.DELETED : Fate.CHANGED_BACK;
            }
        };
    }

    /** Below which deletions are forgotten: of a restore that takes longer than that, nobody can say when a key was deleted. */
    private static boolean floor(Version asOf) {
        return asOf.counter() == 0 && asOf.stamp() == 0;
    }

    private static boolean same(Record one, Record other) {
        return one.expiration() == other.expiration()
                && Arrays.equals(one.metadata(), other.metadata())
                && Arrays.equals(one.value(), other.value());
    }

    /** @return whether it stands */
    private boolean write(Key key, @Nullable Record target, Present present) {
        Condition as = present instanceof Present.Value(Version version, var _)
                ? new Condition.Matches(version)
                : new Condition.Absent();
        Written written = target == null
                ? writing.delete(into, key, as)
                : writing.put(into, key, target.value(), target.metadata(), target.expiration(), as);
        return written instanceof Written.Acknowledged;
    }
}

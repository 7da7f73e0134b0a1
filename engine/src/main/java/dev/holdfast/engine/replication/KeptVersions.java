package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Writes records at versions that were stamped before (DESIGN rule 26). All that a stamp of now makes sure of has to be looked for: that
 * nothing newer is there or was deleted there, and that no floor has gone over the version. Whoever asks for it therefore gets a
 * vouched answer about the key first, and no dark write: a hint is delivered past the floor.
 *
 * <p>Thread-safe.
 */
final class KeptVersions {
    private final KeyLocks locks;
    private final HybridClock clock;
    private final Quarantine quarantine;
    private final KnownVersions known;
    private final Reads reads;
    private final Writes writes;

    KeptVersions(Parts parts, Reads reads, Writes writes) {
        this.locks = parts.locks();
        this.clock = parts.clock();
        this.quarantine = parts.quarantine();
        this.known = parts.known();
        this.reads = reads;
        this.writes = writes;
    }

    Written write(KeyRef ref, Record record, Namespace.Policy policy) throws InterruptedException {
        if (record.tombstone()) {
            throw new IllegalArgumentException("a deletion is not restored");
        }
        Lock shared = locks.writing(ref).readLock();
        shared.lockInterruptibly();
        try {
            Written refusal = inTheWay(ref, record.version());
            if (refusal != null) {
                return refusal;
            }
            // Whoever writes this key next is to be newer, at this node whatever its clock says.
            clock.observe(record.version());
            Change change = new Change(
                    ref,
                    false,
                    record.value(),
                    record.metadata(),
                    record.expiration(),
                    policy.withDarkWrites(false),
                    record.version());
            Written written = writes.write(change, false);
            return written == null ? new Written.ConditionFailed(null) : written;
        } finally {
            shared.unlock();
        }
    }

    private @Nullable Written inTheWay(KeyRef ref, Version version) throws InterruptedException {
        boolean stamped = version.newerThan(Version.NONE) && Version.MAX.newerThan(version);
        if (!stamped || quarantine.concerns(version) || known.get(ref).newerThan(version)) {
            return new Written.ConditionFailed(null);
        }
        return switch (reads.get(ref, ReadMode.FRESH)) {
            case Answer.Unavailable(Refusal why) -> new Written.Refused(why);
            case Answer.Found(Record there, Freshness _) ->
                there.version().newerThan(version) ? new Written.ConditionFailed(there.version()) : null;
            case Answer.Missing(Version asOf, Freshness freshness) ->
                freshness.confirmed() && version.newerThan(asOf) ? null : new Written.ConditionFailed(null);
        };
    }
}

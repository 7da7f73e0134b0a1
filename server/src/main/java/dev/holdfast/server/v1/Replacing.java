package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Explanation;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.v1.ImportBatch.Fate;
import org.jspecify.annotations.Nullable;

/**
 * Lines that write over nothing but what their writer knows. One that fills an empty key goes at the line's own version where that can be: then
 * whatever was written or deleted here since wins at every home, also what is under way now.
 *
 * @param dryRun whether nothing is written, and told only what would be, at the version of its line
 */
record Replacing(ImportWrites writes, boolean dryRun) {

    /** @param replaces the version that may be written over; {@link Version#NONE} for none */
    Fate fate(ImportLine line, Version replaces) throws ApiError {
        if (replaces.equals(Version.NONE)) {
            return filled(line);
        }
        if (dryRun) {
            boolean there = writes.store().get(writes.namespace().id(), line.key(), ReadMode.CONFIRMED)
                            instanceof Answer.Found found
                    && found.record().version().equals(replaces);
            return there ? planned(line, Fate.RESTAMPED) : Fate.SKIPPED;
        }
        return writes.put(line, new Condition.Matches(replaces)) ? Fate.RESTAMPED : Fate.SKIPPED;
    }

    private Fate filled(ImportLine line) throws ApiError {
        // Nothing here can be older than the namespace, so what is to be kept as of then needs no look before.
        boolean oldest =
                !line.version().newerThan(Version.atMillis(writes.namespace().createdAt()));
        if (oldest && !dryRun && writes.restored(line)) {
            return Fate.KEPT;
        }
        Explanation here = writes.store().explain(writes.namespace().id(), line.key());
        return switch (here.answer()) {
            case Answer.Found _ -> Fate.SKIPPED;
            case Answer.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
            case Answer.Missing _ -> {
                if (deletedSince(here, line.version())) {
                    yield Fate.SKIPPED;
                }
                if (dryRun) {
                    yield planned(line, Fate.KEPT);
                }
                if (!oldest && writes.restored(line)) {
                    yield Fate.KEPT;
                }
                yield writes.put(line, new Condition.Absent()) ? Fate.RESTAMPED : Fate.SKIPPED;
            }
        };
    }

    private Fate planned(ImportLine line, Fate fate) {
        writes.written().put(line.key(), line.version());
        return fate;
    }

    /** An absence may be as of the collection floor, which says nothing of this key: a home that has the tombstone does. */
    private static boolean deletedSince(Explanation here, Version version) {
        return here.homes().stream().anyMatch(home -> newer(home.version(), version) || newer(home.hint(), version));
    }

    private static boolean newer(@Nullable Version held, Version version) {
        return held != null && held.newerThan(version);
    }
}

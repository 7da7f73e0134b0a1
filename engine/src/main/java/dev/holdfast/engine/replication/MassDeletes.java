package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Lookup;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many deletes a comparison pass spreads because one provider claims them. One that claims that most keys were deleted is more likely
 * broken than right (DESIGN rule 6), unless the hints that told the other one of the deletes are known to be lost. Thread-safe.
 */
final class MassDeletes {
    private static final Logger LOG = LoggerFactory.getLogger(MassDeletes.class);
    private static final long LEAST = 1000;

    private final Parts parts;
    private long compared;
    private long spread;
    private boolean tooMany;

    MassDeletes(Parts parts) {
        this.parts = parts;
    }

    /** So many more keys have been compared. */
    synchronized void compared(long keys) {
        compared += keys;
    }

    /** Whether the pass stops, since it would spread too many. */
    synchronized boolean tooMany() {
        return tooMany;
    }

    /**
     * Whether a record must not be given to those that lack it.
     *
     * @param now what each provider holds
     */
    synchronized boolean forbid(Key key, Record newest, Map<Member, Lookup> now) {
        long wallMillis = parts.time().wallMillis();
        boolean kills = newest.tombstone()
                && now.entrySet().stream()
                        .anyMatch(entry -> entry.getValue() instanceof Lookup.Present(Record record)
                                && record.alive(wallMillis)
                                && !parts.marks().owed(entry.getKey()));
        if (!kills) {
            return false;
        }
        spread++;
        if (spread > Math.max(LEAST, compared * parts.config().massDeleteShare()) && !tooMany) {
            tooMany = true;
            LOG.error(
                    "a comparison stops: {} of the {} keys compared would be deleted because one provider says so, the"
                            + " last one {}",
                    spread,
                    compared,
                    key);
        }
        return tooMany;
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.time.Time;
import org.jspecify.annotations.Nullable;

/** Asks for what a copy wants, one key after the other, for as long as it takes. For one thread; several may work for a copy. */
final class PinnedFetch {
    private static final long LOOK_NANOS = 3_600_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 500_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    private final Time time;
    private final Store store;
    private final PinnedCopy copy;
    private long pause = FIRST_PAUSE_NANOS;

    PinnedFetch(Time time, Store store, PinnedCopy copy) {
        this.time = time;
        this.store = store;
        this.copy = copy;
    }

    /**
     * Asks for a key that is wanted; waits for one if there is none.
     *
     * @return how long to rest before the next
     */
    long step() throws InterruptedException {
        Key key = copy.wants().next(LOOK_NANOS);
        boolean done = false;
        try {
            done = fetch(key);
        } finally {
            if (!done) {
                copy.wants().again(key);
            }
        }
        long rest = done ? 0 : pause;
        pause = done ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return rest;
    }

    /** @return false when it is to be asked for again */
    private boolean fetch(Key key) {
        Want want = copy.wanted(key);
        if (want == null) {
            return true;
        }
        Entry held = copy.get(key);
        // Another node's cache will do for a version that it has; that there is nothing newer only the homes can say.
        if (!want.version().equals(Version.MAX)) {
            Entry cached = ask(key, ReadMode.CACHED);
            if (cached == null) {
                return false;
            }
            if (!cached.doubtful() && !want.version().newerThan(cached.version())) {
                return copy.fetched(key, want, held, cached);
            }
        }
        Entry told = ask(key, ReadMode.CONFIRMED);
        if (told != null && told.doubtful()) {
            copy.asked(key, told);
            return false;
        }
        return told != null && copy.fetched(key, want, held, told);
    }

    /** @return null when nobody answers; doubtful when nobody vouches for it */
    private @Nullable Entry ask(Key key, ReadMode mode) {
        long beganNanos = time.nanos();
        long beganMillis = time.wallMillis();
        Answer answer = store.get(copy.id(), key, mode);
        copy.answered(!(answer instanceof Answer.Unavailable));
        return switch (answer) {
            case Answer.Found(Record record, Freshness freshness) ->
                Entry.answered(record, freshness, beganNanos, beganMillis, time.nanos());
            case Answer.Missing(Version asOf, Freshness freshness) ->
                Entry.answered(Record.tombstone(asOf), freshness, beganNanos, beganMillis, time.nanos());
            case Answer.Unavailable _ -> null;
        };
    }
}

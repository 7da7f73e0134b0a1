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

/** Asks for what a copy wants, a few keys at a time, for as long as it takes. */
final class PinnedFetch {
    private static final long LOOK_NANOS = 3_600_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 500_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    private final Time time;
    private final Store store;
    private final PinnedCopy copy;

    PinnedFetch(Time time, Store store, PinnedCopy copy) {
        this.time = time;
        this.store = store;
        this.copy = copy;
    }

    /** Asks for one key after the other until it is interrupted; several threads may do so. */
    void run() {
        long pause = FIRST_PAUSE_NANOS;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Key key = copy.wants().next(LOOK_NANOS);
                if (fetch(key)) {
                    pause = FIRST_PAUSE_NANOS;
                } else {
                    copy.wants().again(key);
                    time.sleep(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a copy of which something newer exists elsewhere, or may, until that is here. Changed by one thread at a time, which
 * {@link PinnedCopy} sees to; read by any.
 */
final class PinnedWants {
    private final Time time;
    private final Map<Key, Want> wanted = new ConcurrentHashMap<>();
    private final Queue<Key> due = new ConcurrentLinkedQueue<>();
    /** What is in there, so that a key that changes again and again is there once. */
    private final Set<Key> queued = ConcurrentHashMap.newKeySet();

    private final Signal asked;
    private final Signal resolved;

    /** How somebody came to know that there is, or may be, something newer. */
    enum Why {
        /** A feed told of it, without the record. */
        TOLD,
        /** Somebody here was shown it: whoever reads the key then is not to see less. */
        SHOWN,
        /** A walk found that it is not here. */
        WALKED
    }

    /**
     * Something newer of a key.
     *
     * @param version of it; {@link Version#MAX} when it is not known whether there is any
     * @param sinceNanos until when what is here was the newest
     * @param times how often it came up: of two that say the same the later is not answered by what was asked for before it
     * @param left whether the origins said less than is known here, so that asking again has time
     */
    record Want(Version version, long sinceNanos, Why why, int times, boolean left) {
        Want(Version version, long sinceNanos, Why why) {
            this(version, sinceNanos, why, 1, false);
        }

        private Want and(Want other) {
            long since = other.sinceNanos - sinceNanos < 0 ? other.sinceNanos : sinceNanos;
            Why both = other.why == Why.SHOWN ? Why.SHOWN : why;
            return new Want(Version.newest(version, other.version), since, both, times + 1, false);
        }

        private Want leave() {
            return new Want(version, sinceNanos, why, times, true);
        }
    }

    PinnedWants(Time time) {
        this.time = time;
        this.asked = new Signal(time);
        this.resolved = new Signal(time);
    }

    @Nullable
    Want get(Key key) {
        return wanted.get(key);
    }

    int size() {
        return wanted.size();
    }

    /** What is wanted is in doubt. */
    void doubt(Function<Key, @Nullable Entry> here) {
        wanted.forEach((key, want) -> {
            Entry entry = here.apply(key);
            if (entry != null) {
                entry.doubt(time.nanos(), want.sinceNanos());
            }
        });
    }

    /** The earliest moment since when something is missing that the origins may have; {@code nanos} when nothing is missing from before. */
    long missingSince(long nanos) {
        long earliest = nanos;
        for (Want want : wanted.values()) {
            if (!want.left() && want.sinceNanos() - earliest < 0) {
                earliest = want.sinceNanos();
            }
        }
        return earliest;
    }

    void add(Key key, Want want) {
        Want before = wanted.get(key);
        wanted.put(key, before == null ? want : before.and(want));
        again(key);
    }

    void resolved(Key key) {
        wanted.remove(key);
        resolved.wake();
    }

    /** The origins know less than is known here. */
    void leave(Key key, Want want) {
        wanted.put(key, want.leave());
        resolved.wake();
    }

    void clear() {
        wanted.clear();
        due.clear();
        queued.clear();
        resolved.wake();
    }

    /** Has asked for again what nobody answered well. */
    void again(Key key) {
        if (queued.add(key)) {
            due.add(key);
            asked.wake();
        }
    }

    /** Has asked for again what the origins knew less of. */
    void askLeft() {
        wanted.forEach((key, want) -> {
            if (want.left()) {
                again(key);
            }
        });
    }

    /** The next key to ask for; waits for one. */
    Key next(long mostNanos) throws InterruptedException {
        while (true) {
            Key key = due.poll();
            if (key != null) {
                queued.remove(key);
                return key;
            }
            asked.await(time.nanos() + mostNanos, () -> !due.isEmpty());
        }
    }

    /**
     * Waits until none of the keys is being asked for any more.
     *
     * @param mostNanos for how long at most
     * @return whether that has come
     */
    boolean awaitResolved(Set<Key> keys, long lookNanos, long mostNanos) throws InterruptedException {
        long began = time.nanos();
        for (Key key : keys) {
            boolean over = false;
            while (!over) {
                if (time.nanos() - began >= mostNanos) {
                    return false;
                }
                over = resolved.await(time.nanos() + lookNanos, () -> {
                    Want want = wanted.get(key);
                    return want == null || want.left();
                });
            }
        }
        return true;
    }
}

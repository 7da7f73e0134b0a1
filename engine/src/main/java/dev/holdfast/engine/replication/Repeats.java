package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;

/**
 * How often this node asks again when those it asked have left it without an answer. A store that fails and is asked again each time is
 * asked twice as much just when it bears least, so repeats are one in ten of the calls, saved up for a while; and so many a second in any
 * case, since where few calls come they are no burden. Thread-safe.
 */
final class Repeats {
    private static final double SHARE = 0.1;
    private static final double MOST_SAVED = 100;
    private static final double LEAST_PER_SECOND = 10;

    private final Time time;
    private double saved = LEAST_PER_SECOND;
    private long filledAt;

    Repeats(Time time) {
        this.time = time;
        this.filledAt = time.nanos();
    }

    /** A call has come that asks for the first time. */
    synchronized void first() {
        saved = Math.min(MOST_SAVED, saved + SHARE);
    }

    /** Whether one more may be asked again now. */
    synchronized boolean take() {
        long now = time.nanos();
        if (saved < LEAST_PER_SECOND) {
            saved = Math.min(LEAST_PER_SECOND, saved + LEAST_PER_SECOND * (now - filledAt) / 1e9);
        }
        filledAt = now;
        if (saved < 1) {
            return false;
        }
        saved--;
        return true;
    }
}

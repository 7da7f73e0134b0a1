package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;

/**
 * How many calls may be under way at one provider, so that one that is slow does not hold the threads and the memory of the node, found
 * from how long they take ({@link Limit}). Whoever finds no room does without it: others are read, and a write becomes a hint.
 *
 * <p>The lower tiers have a part of the room only, so that bulk never takes what the others need.
 *
 * <p>And how much longer than usual it may take while it is busy. Many calls at once take longer without its being ill, and when one
 * that is busy is given up for a moment's pause, what it misses meanwhile is given to it later, on top of all else. That many are under way
 * is for the limit to mend, not for the deadline.
 *
 * <p>Thread-safe.
 */
final class Bulkhead {
    private static final double[] OF_TIER = {1, 0.9, 0.8, 0.5};
    /** One that has many calls under way is waited for so many times as long. */
    private static final double LONGEST = 4;

    private static final int FIRST_LIMIT = 16;

    private final Time time;
    private final int least;
    private final Limit limit;

    Bulkhead(Time time, int leastCalls, int mostCalls) {
        this.time = time;
        this.least = leastCalls;
        this.limit = new Limit(leastCalls, mostCalls, FIRST_LIMIT * leastCalls, time.nanos());
    }

    /** Whether there is room for one more call of this tier. */
    synchronized boolean room(int underWay, int tier) {
        return underWay < Math.max(1, limit.calls() * OF_TIER[tier]);
    }

    /** How many calls may be under way. */
    synchronized int calls() {
        return limit.calls();
    }

    /**
     * A call has ended.
     *
     * @param answered whether it did what it was asked
     * @param underWay how many there were then
     */
    synchronized void ended(CallKind kind, long tookNanos, boolean answered, int underWay) {
        limit.began(underWay);
        switch (kind) {
            case READ -> limit.ended(Limit.Kind.READ, tookNanos, answered, time.nanos());
            case WRITE -> limit.ended(Limit.Kind.WRITE, tookNanos, answered, time.nanos());
            case SCAN -> limit.ended(Limit.Kind.LIST, tookNanos, answered, time.nanos());
            case PROBE -> {
                // Trials of one that is ill say nothing of how much it bears.
            }
        }
    }

    /** How many times as long as usual one may take that has so many calls under way; trials do not wait behind them. */
    double patience(CallKind kind, int underWay) {
        return kind == CallKind.PROBE ? 1 : 1 + (LONGEST - 1) * Math.min(1, underWay / (double) least);
    }
}

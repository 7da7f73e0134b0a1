package dev.holdfast.engine.replication;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many calls may be under way at a time, at the store or at one provider, found from how long they take.
 *
 * <p>Additive increase, multiplicative decrease (Chiu and Jain, 1989), in windows of a quarter of a second. A window is bad when more
 * than one in ten of its calls took much longer than calls of its kind take when the store is not pressed, which is learned from the
 * best windows there have been, and slowly forgotten. The limit grows only while it is used, or it would say nothing.
 *
 * <p>Not thread-safe.
 */
public final class Limit {
    private static final long WINDOW_NANOS = 250_000_000L;
    /** So many times its usual time, a call is slow; queueing to a store that is busy and well does not come to that. */
    private static final double SLOW = 8;

    private static final double LEAST_SLOW_NANOS = 50_000_000;
    private static final double SLOW_SHARE = 0.1;
    private static final double BACK_OFF = 0.8;
    private static final double GROWTH = 0.125;
    /** By so much the usual time may grow with each window, so that a store which has become slower for good is believed after minutes. */
    private static final double FORGET = 1.005;

    /** What is called, as far as it takes its own time. */
    public enum Kind {
        READ,
        WRITE,
        LIST
    }

    /** Of one kind in this window, and how long it usually takes. */
    private static final class OfKind {
        private double usualNanos = Double.MAX_VALUE;
        private double sumNanos;
        private int calls;
    }

    private final int least;
    private final int most;
    private final Map<Kind, OfKind> kinds = new EnumMap<>(Kind.class);
    private double limit;
    private long windowEnds;
    private int calls;
    private int slow;
    private int mostUnderWay;

    /**
     * @param least calls below which it never falls; 1 or more
     * @param first how many it begins with
     */
    public Limit(int least, int most, int first, long nowNanos) {
        this.least = least;
        this.most = most;
        this.limit = Math.min(most, first);
        this.windowEnds = nowNanos + WINDOW_NANOS;
        for (Kind kind : Kind.values()) {
            kinds.put(kind, new OfKind());
        }
    }

    public int calls() {
        return (int) limit;
    }

    /** So many are under way now. */
    public void began(int underWay) {
        mostUnderWay = Math.max(mostUnderWay, underWay);
    }

    /** @param answered whether the store did what it was asked; what it refuses at once says nothing of how long it takes */
    public void ended(Kind kind, long tookNanos, boolean answered, long nowNanos) {
        OfKind of = kinds.get(kind);
        if (of == null) {
            throw new IllegalStateException("there is one for each kind");
        }
        calls++;
        if (tookNanos > Math.max(LEAST_SLOW_NANOS, SLOW * of.usualNanos)) {
            slow++;
        }
        if (answered) {
            of.calls++;
            of.sumNanos += tookNanos;
        }
        if (nowNanos - windowEnds >= 0) {
            closeWindow(nowNanos);
        }
    }

    private void closeWindow(long nowNanos) {
        if (slow > SLOW_SHARE * calls) {
            limit = Math.max(least, limit * BACK_OFF);
        } else if (mostUnderWay >= limit * 0.75) {
            limit = Math.min(most, limit + Math.max(1, limit * GROWTH));
        }
        for (OfKind of : kinds.values()) {
            if (of.calls > 0) {
                of.usualNanos = Math.min(of.usualNanos * FORGET, of.sumNanos / of.calls);
                of.calls = 0;
                of.sumNanos = 0;
            }
        }
        calls = 0;
        slow = 0;
        mostUnderWay = 0;
        windowEnds = nowNanos + WINDOW_NANOS;
    }
}

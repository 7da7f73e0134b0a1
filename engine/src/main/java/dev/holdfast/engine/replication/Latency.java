package dev.holdfast.engine.replication;

/**
 * How long a provider takes for one kind of call, and from that how long it is waited for: the smoothed mean plus four times
 * the smoothed deviation, as TCP computes its retransmission timeout (Jacobson, "Congestion Avoidance and Control", 1988).
 *
 * <p>Thread-safe; concurrent samples may overwrite one another, which an average can bear.
 */
final class Latency {
    private static final int MEAN_SHIFT = 3;
    private static final int DEVIATION_SHIFT = 2;

    private final long minNanos;
    private final long maxNanos;
    private volatile long mean;
    private volatile long deviation;

    Latency(long minNanos, long maxNanos) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
    }

    /** Only calls of a healthy provider teach: a slow one must not teach that slow is normal. */
    void sample(long nanos) {
        long before = mean;
        if (before == 0) {
            mean = Math.max(1, nanos);
            deviation = nanos / 2;
            return;
        }
        long error = nanos - before;
        mean = Math.max(1, before + (error >> MEAN_SHIFT));
        long spread = deviation;
        deviation = spread + ((Math.abs(error) - spread) >> DEVIATION_SHIFT);
    }

    long meanNanos() {
        return mean;
    }

    /** How long to wait for a call before it counts as late: the longest there is, as long as nothing has been learned. */
    long deadlineNanos() {
        return mean == 0 ? maxNanos : Math.clamp(mean + 4 * deviation, minNanos, maxNanos);
    }
}

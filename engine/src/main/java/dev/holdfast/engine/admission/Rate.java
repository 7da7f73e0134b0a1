package dev.holdfast.engine.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many a second in, and after a pause those of one second at once, and one. Over any time t it lets no more in than what t and
 * one second are worth, and one; and whoever wants more than t is worth gets at least that.
 *
 * <p>A token bucket kept as one number, the time up to which what was let in is paid for (the generic cell rate algorithm, ITU-T
 * I.371, 1993), in 64ths of a nanosecond so that ten million a second are told apart to a hundredth of a percent. Thread-safe, without a
 * lock: who comes at the same moment tries again.
 */
final class Rate {
    private static final long PARTS_OF_NANO = 64;
    private static final double PARTS_OF_SECOND = 1e9 * PARTS_OF_NANO;

    private final double perSecond;
    private final long each;
    private final long burst;
    private final long origin;
    private final AtomicLong paidUntil = new AtomicLong();

    /** @param perSecond more than 0 */
    Rate(double perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.each = Math.max(1, Math.round(PARTS_OF_SECOND / perSecond));
        // One more than those of a second, or a quota of one a second would lose what comes between two of them.
        this.burst = (long) PARTS_OF_SECOND + each;
        this.origin = nowNanos;
    }

    double perSecond() {
        return perSecond;
    }

    /**
     * What takes its place at another rate. It lets no more in at once than this one would have, so that a change by itself lets nothing
     * in.
     */
    Rate changedTo(double otherPerSecond, long nowNanos) {
        Rate changed = new Rate(otherPerSecond, nowNanos);
        long owed = Math.max(0, paidUntil.get() - (nowNanos - origin) * PARTS_OF_NANO);
        double left = (double) (burst - owed) / each;
        changed.paidUntil.set(Math.max(0, (long) (changed.burst - left * changed.each)));
        return changed;
    }

    /** @return 0 when one is let in; otherwise in how many nanoseconds the next one is, which is at least 1 */
    long take(long nowNanos) {
        long now = (nowNanos - origin) * PARTS_OF_NANO;
        while (true) {
            long before = paidUntil.get();
            long after = Math.max(before, now) + each;
            long early = after - now - burst;
            if (early > 0) {
                return Math.ceilDiv(early, PARTS_OF_NANO);
            }
            if (paidUntil.compareAndSet(before, after)) {
                return 0;
            }
        }
    }
}

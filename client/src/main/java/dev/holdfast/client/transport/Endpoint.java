package dev.holdfast.client.transport;

import java.net.URI;

/**
 * One server and what is known of its health. It is *well* until something fails; then it is left alone for a while that
 * doubles with each failure in a row, and the next request that may safely fail finds out whether it is back. Thread-safe.
 */
final class Endpoint {
    private static final long SHORTEST_NANOS = 500_000_000;
    private static final int MOST_DOUBLINGS = 6;

    private final URI base;
    private final Time time;
    private final Latency latency = new Latency();
    private int failures;
    private long notBefore;
    private boolean probing;

    Endpoint(URI base, Time time) {
        this.base = base;
        this.time = time;
        this.notBefore = time.nanos();
    }

    URI base() {
        return base;
    }

    /** How it stands when a request is to be sent: the smaller the better. */
    enum Standing {
        WELL,
        /** It failed and has been left alone for long enough. */
        DUE,
        /** It failed, or it asked for a pause, a moment ago. */
        PAUSED
    }

    synchronized Standing standing() {
        if (waitNanos() > 0 || probing) {
            return Standing.PAUSED;
        }
        return failures == 0 ? Standing.WELL : Standing.DUE;
    }

    /** How long it should be left alone; zero or less when it need not. */
    synchronized long waitNanos() {
        return notBefore - time.nanos();
    }

    /** A request is on its way there. */
    synchronized void begins() {
        probing |= failures > 0;
    }

    /** It answered. */
    synchronized void good(long tookNanos) {
        failures = 0;
        probing = false;
        notBefore = time.nanos();
        latency.answered(tookNanos);
    }

    synchronized void failed() {
        probing = false;
        if (failures > 0 && waitNanos() > 0) {
            // Sent before it was found to fail: many requests under way are one failure, not many in a row.
            return;
        }
        int doublings = Math.min(failures, MOST_DOUBLINGS);
        failures++;
        notBefore = time.nanos() + jittered(SHORTEST_NANOS << doublings);
    }

    /** It answered that it can't now; that is life, and no failure to answer. */
    synchronized void refused(long pauseNanos) {
        failures = 0;
        probing = false;
        notBefore = time.nanos() + pauseNanos;
    }

    /**
     * Nobody waits for its answer any more.
     *
     * @param tookNanos it would have taken more than that
     */
    synchronized void abandoned(long tookNanos) {
        probing = false;
        if (tookNanos > latency.slow()) {
            latency.answered(tookNanos);
        }
    }

    /** An answer that takes longer than that is among the slowest twentieth. */
    synchronized long slowNanos() {
        return latency.slow();
    }

    /** Whether it failed when last asked, and should not be asked yet. */
    synchronized boolean failing() {
        return failures > 0 && (probing || waitNanos() > 0);
    }

    synchronized boolean down() {
        return failures > 0;
    }

    /** Half of it is certain, so that neither all come back at once nor anyone at once. */
    private long jittered(long nanos) {
        return nanos / 2 + (long) (time.random() * nanos / 2);
    }
}

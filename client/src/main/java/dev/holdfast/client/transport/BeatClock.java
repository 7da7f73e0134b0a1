package dev.holdfast.client.transport;

import java.util.function.LongSupplier;

/**
 * As of when the heartbeats of a stream are true, by the clock of this process. One may have lain in buffers behind much else, or its reader
 * may have been held up, so when it is read says nothing. But it was sent a known while after the request for the stream had come to the
 * server, and that was after the request was made here. Used by one thread.
 */
public final class BeatClock {
    /** Two clocks drift apart by some milliseconds in that time. */
    private static final long LASTING_NANOS = 60_000_000_000L;

    private final LongSupplier nanos;
    private final long slowNanos;
    private long askedAt;
    private long renewAt;
    private boolean wornOut;
    private boolean renewed;

    /**
     * @param nanos the time, by a clock that never steps back
     * @param slowNanos what it takes to ask for a stream is added to the age of all that is heard: if that is more than this, it should be asked
     *     for again, over the connection that stands by then
     */
    public BeatClock(LongSupplier nanos, long slowNanos) {
        this.nanos = nanos;
        this.slowNanos = slowNanos;
        this.askedAt = nanos.getAsLong();
        this.renewAt = askedAt;
    }

    /** A stream is about to be asked for. */
    public void asking() {
        renewed = wornOut;
        wornOut = false;
        askedAt = nanos.getAsLong();
    }

    /** It has begun. */
    public void begun() {
        long now = nanos.getAsLong();
        renewAt = !renewed && now - askedAt > slowNanos ? now : now + LASTING_NANOS;
    }

    /**
     * As of when all that was told before a heartbeat was all that there was, at least.
     *
     * @param sentNanos how long after the request had come to the server that was so, as the server says
     * @param behindNanos how much earlier the server itself had heard it
     */
    public long asOf(long sentNanos, long behindNanos) {
        long sent = askedAt + sentNanos;
        long now = nanos.getAsLong();
        return (now - sent < 0 ? now : sent) - Math.max(0, behindNanos);
    }

    /** Whether the stream should be asked for again, from where it has come to. */
    public boolean worn() {
        wornOut = nanos.getAsLong() - renewAt >= 0;
        return wornOut;
    }
}

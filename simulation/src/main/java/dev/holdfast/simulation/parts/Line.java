package dev.holdfast.simulation.parts;

/** Calls that wait for a service which serves so many a second, one after the other. Not thread-safe. */
final class Line {
    private static final double SECOND = 1e9;

    private final long nanosEach;
    private final long burstNanos;
    private long servedUntil = Long.MIN_VALUE;

    /** @param burstSeconds so many seconds' worth of calls may come at once before any has to wait */
    Line(double callsPerSecond, double burstSeconds) {
        this.nanosEach = (long) (SECOND / callsPerSecond);
        this.burstNanos = (long) (SECOND * burstSeconds);
    }

    /** Puts a call at the end. @return nanoseconds until it is served */
    long join(long now) {
        servedUntil = Math.max(servedUntil, now - burstNanos) + nanosEach;
        return Math.max(0, servedUntil - now);
    }
}

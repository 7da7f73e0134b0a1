package dev.holdfast.engine.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the last few messages show of another clock. They are put together, since one that came quickly says more than the others, and only
 * a few, since a clock is set right in the end. One thread adds; any may ask.
 */
public final class ClockWatch {
    private static final int LAST = 4;
    /** What is older says nothing of now. */
    private static final long FRESH_NANOS = 60_000_000_000L;
    /** A clock that is led by a time server gains or loses less in that time. */
    private static final long STEP_MILLIS = 500;

    private volatile List<Shown> last = List.of();

    /**
     * Bounds, and when they were found.
     *
     * @param wall by this node's clock
     * @param nanos by the one that never steps back
     */
    private record Shown(ClockBounds bounds, long wall, long nanos) {
        /** Whether they say anything of the clock as it is now: not when it was set since, or the machine was suspended. */
        boolean holdsAt(long nowWall, long nowNanos) {
            long passed = nowNanos - nanos;
            return passed <= FRESH_NANOS && Math.abs(nowWall - wall - passed / 1_000_000) <= STEP_MILLIS;
        }
    }

    /**
     * What a message shows.
     *
     * @param wall when it was heard, by this node's clock
     * @param nanos likewise, by {@code Time.nanos}
     */
    public void add(ClockBounds bounds, long wall, long nanos) {
        List<Shown> now = new ArrayList<>(last);
        now.add(new Shown(bounds, wall, nanos));
        last = List.copyOf(now.subList(Math.max(0, now.size() - LAST), now.size()));
    }

    /** Empty when nothing has been heard of late. */
    public Optional<ClockBounds> bounds(Time time) {
        long nanos = time.nanos();
        long wall = time.wallMillis();
        return last.stream()
                .filter(shown -> shown.holdsAt(wall, nanos))
                .map(Shown::bounds)
                .reduce(ClockBounds::then);
    }
}

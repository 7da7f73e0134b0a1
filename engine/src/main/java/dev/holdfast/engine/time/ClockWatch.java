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

    private volatile List<Shown> last = List.of();

    /** @param at by {@code Time.nanos} */
    private record Shown(ClockBounds bounds, long at) {}

    public void add(ClockBounds bounds, long nanos) {
        if (bounds.least() > bounds.most()) {
            // This node's own clock was set meanwhile.
            return;
        }
        List<Shown> now = new ArrayList<>(last);
        now.add(new Shown(bounds, nanos));
        last = List.copyOf(now.subList(Math.max(0, now.size() - LAST), now.size()));
    }

    /** Empty when nothing has been heard of late. */
    public Optional<ClockBounds> bounds(long nanos) {
        return last.stream()
                .filter(shown -> nanos - shown.at() <= FRESH_NANOS)
                .map(Shown::bounds)
                .reduce(ClockBounds::then);
    }
}

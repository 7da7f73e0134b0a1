package dev.holdfast.engine.edge;

import org.jspecify.annotations.Nullable;

/** Coverage by a feed that is followed: without a gap since some time, and heard of last at another. Thread-safe. */
final class FollowedFeed implements Coverage {
    /**
     * @param since from when on no change was missed
     * @param until as of when all changes have been heard
     */
    private record Span(long since, long until) {}

    private volatile @Nullable Span span;

    /** There is a gap, or nobody is heard. */
    void lost() {
        span = null;
    }

    /** @param nanos until when everything was heard, without a gap since the last such call */
    void heard(long nanos) {
        Span before = span;
        span = new Span(before == null ? nanos : before.since(), nanos);
    }

    @Override
    public long newestUntil(long toldNanos) {
        Span now = span;
        if (now == null || toldNanos - now.since() < 0) {
            return toldNanos;
        }
        return now.until() - toldNanos > 0 ? now.until() : toldNanos;
    }
}

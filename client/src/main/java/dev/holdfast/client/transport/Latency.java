package dev.holdfast.client.transport;

import java.util.Arrays;

/** How long the last answers of an endpoint took. Not thread-safe. */
final class Latency {
    private static final int REMEMBERED = 128;

    /** With fewer, one odd answer would be the 95th percentile. */
    private static final int ENOUGH = 20;

    /** What comes sooner is not worth a second request. */
    private static final long LEAST_NANOS = 1_000_000;

    private final long[] nanos = new long[REMEMBERED];
    private int seen;
    private long slow;
    private int slowOf;

    void answered(long took) {
        nanos[seen % REMEMBERED] = took;
        seen = seen == Integer.MAX_VALUE ? REMEMBERED : seen + 1;
    }

    /** The 95th percentile, at most a few answers old; {@code Long.MAX_VALUE} while too little is known. */
    long slow() {
        if (seen < ENOUGH) {
            return Long.MAX_VALUE;
        }
        if (slowOf == 0 || Math.abs(seen - slowOf) >= ENOUGH) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(seen, REMEMBERED));
            Arrays.sort(sorted);
            slow = Math.max(LEAST_NANOS, sorted[sorted.length * 95 / 100]);
            slowOf = seen;
        }
        return slow;
    }
}

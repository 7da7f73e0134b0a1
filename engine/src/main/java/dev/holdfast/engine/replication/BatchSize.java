package dev.holdfast.engine.replication;

/**
 * How many keys are levelled at a time: twice as many after a batch that was quick, half as many after one that was slow or failed. So a
 * provider that is slow, or whose records are large, is never asked for more at a time than it does in the time it is given. Thread-safe.
 */
final class BatchSize {
    static final int MOST = 256;
    private static final int FIRST = 16;
    private static final long QUICK_NANOS = 1_000_000_000L;
    private static final long SLOW_NANOS = 3_000_000_000L;

    private int keys = FIRST;

    synchronized int keys() {
        return keys;
    }

    /**
     * A batch has been levelled.
     *
     * @param of how many keys
     * @param good whether every provider did what it was asked
     */
    synchronized void ended(int of, long tookNanos, boolean good) {
        if (!good || tookNanos > SLOW_NANOS) {
            keys = Math.max(1, Math.min(keys, of) / 2);
        } else if (tookNanos < QUICK_NANOS && of >= keys) {
            keys = Math.min(MOST, 2 * keys);
        }
    }
}

package dev.holdfast.engine.replication;

/**
 * How much load something was seen to bear: the most that it answered in a second, as an average over ten, forgotten by half in two hours.
 */
public final class Borne {
    /** Over which it is averaged. */
    public static final long WINDOW_NANOS = 10_000_000_000L;

    private static final double KEPT_A_WINDOW = 0.999;

    private Borne() {}

    /**
     * What is known after a window.
     *
     * @param known calls a second that were known to be borne before
     * @param answered calls a second in the window
     * @param passedNanos how long that was
     */
    public static double after(double known, double answered, long passedNanos) {
        return Math.max(known * Math.pow(KEPT_A_WINDOW, passedNanos / (double) WINDOW_NANOS), answered);
    }
}

package dev.holdfast.engine.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the store does, from the calls that came to it since it was last looked at. Not thread-safe.
 */
final class Signals {
    /** One or two calls are an accident, however few there were. */
    static final int LEAST = 3;
    /** One call in so many may be slow. */
    private static final int HUNDREDTH = 100;

    private final long slowNanos;
    private final long longNanos;
    private Times took = new Times();
    private Times waited = new Times();
    private long failed;
    private long slow;
    private long waitedLong;
    private double busy;

    Signals(RampConfig bounds) {
        this.slowNanos = bounds.maxP99().toNanos();
        this.longNanos = bounds.maxWait().toNanos();
    }

    /**
     * A call is over.
     *
     * @param busy the share of what the store bears at a time that was under way
     */
    void ended(long tookNanos, boolean failure, double busy) {
        took.add(tookNanos);
        failed += failure ? 1 : 0;
        slow += tookNanos > slowNanos ? 1 : 0;
        this.busy += busy;
    }

    /** A call was let in or refused after it had waited for its turn, perhaps not at all. */
    void waited(long nanos, boolean refused) {
        waited.add(nanos);
        waitedLong += refused || nanos > longNanos ? 1 : 0;
    }

    /** What was seen since this was last asked for. */
    Seen take() {
        Seen seen = new Seen(
                took.count(),
                failed,
                slow,
                took.p99Millis(),
                waited.count(),
                waitedLong,
                waited.p99Millis(),
                took.count() == 0 ? 0 : busy / (double) took.count());
        took = new Times();
        waited = new Times();
        failed = 0;
        slow = 0;
        waitedLong = 0;
        busy = 0;
        return seen;
    }

    /** How long calls took, by classes each a fifth longer than the one before. */
    private static final class Times {
        private static final int CLASSES = 128;
        private static final double FIRST_NANOS = 50_000;
        private static final double WIDER = Math.log(1.2);

        private final int[] classes = new int[CLASSES];
        private long count;

        void add(long nanos) {
            double of = nanos <= FIRST_NANOS ? 0 : Math.log(nanos / FIRST_NANOS) / WIDER;
            classes[(int) Math.min(CLASSES - 1, Math.ceil(of))]++;
            count++;
        }

        long count() {
            return count;
        }

        /** What 99 of a hundred are not longer than, in milliseconds, up to a fifth too much; 0 for none. */
        double p99Millis() {
            long longer = count / HUNDREDTH;
            for (int i = CLASSES - 1; i > 0; i--) {
                longer -= classes[i];
                if (longer < 0) {
                    return FIRST_NANOS * Math.exp(WIDER * i) / 1e6;
                }
            }
            return 0;
        }
    }

    /**
     * A look at the store.
     *
     * @param calls that ended
     * @param failed of them, the store did not do what it was asked
     * @param slow of them, took longer than the bound
     * @param entered calls that were let in or refused
     * @param waitedLong of them, waited longer for their turn than the bound, or were refused
     * @param busy the share of what the store bears at a time that was under way, on the average of the calls
     */
    public record Seen(
            long calls,
            long failed,
            long slow,
            double p99Millis,
            long entered,
            long waitedLong,
            double waitP99Millis,
            double busy) {
        static final Seen NOTHING = new Seen(0, 0, 0, 0, 0, 0, 0, 0);

        /** What is outside its bound, in words; empty when all is inside. */
        List<String> outside(RampConfig bounds) {
            List<String> outside = new ArrayList<>();
            if (failed >= LEAST && failed > bounds.maxErrors() * calls) {
                outside.add(percent((double) failed / calls) + " of the calls failed (bound "
                        + percent(bounds.maxErrors()) + ")");
            }
            if (slow >= LEAST && slow > (double) calls / HUNDREDTH) {
                outside.add("p99 is " + millis(p99Millis) + " (bound "
                        + millis((double) bounds.maxP99().toMillis()) + ")");
            }
            if (waitedLong >= LEAST && waitedLong > (double) entered / HUNDREDTH) {
                outside.add(percent((double) waitedLong / entered) + " of the calls waited longer than "
                        + millis((double) bounds.maxWait().toMillis()) + " for their turn, or in vain");
            }
            if (calls >= LEAST && bounds.maxConcurrency() < 1 && busy > bounds.maxConcurrency()) {
                outside.add(percent(busy) + " of the calls that the store bears at a time are under way (bound "
                        + percent(bounds.maxConcurrency()) + ")");
            }
            return outside;
        }

        private static String percent(double share) {
            return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
        }

        private static String millis(double millis) {
            return String.format(Locale.ROOT, "%.0f ms", millis);
        }
    }
}

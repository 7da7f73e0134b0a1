package dev.holdfast.simulation.recovery;

/** A gate keeps a writer out from the moment on at which it is set, whatever else is down. */
final class KeptOut implements Check {
    private static final long AT_ONCE_NANOS = 1_000_000_000L;

    private boolean shut;
    private boolean set;
    private long slowestNanos;
    private long refused;
    private long through;

    /** @param tookNanos until it was in force */
    void gate(boolean shuts, boolean wasSet, long tookNanos) {
        shut = shuts && wasSet;
        set |= shut;
        slowestNanos = Math.max(slowestNanos, tookNanos);
    }

    /** The writer that is to be kept out has written. */
    void wrote(boolean acknowledged) {
        if (shut && acknowledged) {
            through++;
        } else if (shut) {
            refused++;
        }
    }

    @Override
    public Finding judge() {
        return new Finding(
                "a gate keeps the writer out at once, with all else down",
                set && through == 0 && refused > 0 && slowestNanos < AT_ONCE_NANOS,
                (set ? "It was in force after " + slowestNanos / 1_000_000 + " ms" : "It was not set") + "; after that "
                        + Words.count(refused, "write") + " were refused and " + through + " came through.");
    }
}

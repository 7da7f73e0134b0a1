package dev.holdfast.simulation.recovery;

import java.util.ArrayList;
import java.util.List;

/** A file that was acknowledged is read everywhere soon, be it good or bad. */
final class Spread implements Check {
    private static final long WITHIN_NANOS = 10_000_000_000L;

    private final long[] read;
    private final List<Written> written = new ArrayList<>();
    private long slowestNanos;
    private int late;

    /** A file that has not been read everywhere. */
    private record Written(long number, long nanos) {}

    Spread(int places) {
        this.read = new long[places];
    }

    void acknowledged(long number, long nanos) {
        // What had not come everywhere before the next one never will.
        late += written.size();
        written.clear();
        written.add(new Written(number, nanos));
    }

    void read(int place, long number, long nanos) {
        read[place] = Math.max(read[place], number);
        for (long each : read) {
            if (written.isEmpty() || each < written.getFirst().number()) {
                return;
            }
        }
        long took = nanos - written.removeFirst().nanos();
        slowestNanos = Math.max(slowestNanos, took);
        late += took > WITHIN_NANOS ? 1 : 0;
    }

    @Override
    public Finding judge() {
        return new Finding(
                "a file is everywhere within " + WITHIN_NANOS / 1_000_000_000 + " s, be it good or bad",
                late == 0 && slowestNanos > 0,
                (late == 0 ? "All were" : "Late or never: " + Words.count(late, "file"))
                        + "; the slowest took " + slowestNanos / 1_000_000_000
                        + " s, five of which a proxy may take to look again.");
    }
}

package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.Operation;
import org.jspecify.annotations.Nullable;

/** Whether nothing may be there, for one who knows of a version. */
final class Absence {
    private Absence() {}

    /**
     * @param floor the newest version that must be known
     * @param end place in the history at which the answer came
     * @param endNanos when
     */
    static boolean possible(Writes writes, Version floor, int end, long endNanos) {
        if (floor.equals(Version.NONE)) {
            return true;
        }
        for (ByVersion.Entry entry : writes.byVersion().from(floor)) {
            Operation other = entry.operation();
            if (mayHaveEnded(other, endNanos) && other.begin() < end) {
                return true;
            }
        }
        @Nullable Operation writer = writes.ofVersion(floor);
        for (Operation other : writes.unplaced()) {
            boolean mayBeNewer = writer == null || writes.mayFollow(other, writer);
            if (mayHaveEnded(other, endNanos) && other.begin() < end && mayBeNewer) {
                return true;
            }
        }
        return false;
    }

    /** Whether there may be no value after {@code other} by then. */
    private static boolean mayHaveEnded(Operation other, long nanos) {
        return other.kind() == Operation.Kind.DELETE || other.mayHaveExpired(nanos);
    }
}

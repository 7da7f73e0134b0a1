package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.NearRead.At;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No missed invalidation: once all has been well for a while, every edge answers, and so does every client, and what it has near is the
 * newest, however long ago its feeds had gaps. What it asks of one of several origins may be as old as the time to live, and so may all
 * that a client has which does not follow the changes.
 */
final class NearLast implements NearRule {
    /** What a feed keeps in step is younger than this: its heartbeat comes every second. */
    private static final long IN_STEP_MILLIS = 1_500;

    /** At an edge that asks edges there is another heartbeat to wait for. */
    private static final long FAR_MILLIS = 1_500;

    /** For how long an edge that has waited in vain has nobody wait. */
    private static final long PAUSE_NANOS = 200_000_000;

    private final History history;
    private final Writes writes;
    private final boolean alone;

    NearLast(History history, Register register, boolean alone) {
        this.history = history;
        this.writes = register.writes();
        this.alone = alone;
    }

    @Override
    public String promise() {
        return "near invalidation";
    }

    /** Whether the edge waited in vain for another key; one that goes on so, though nobody waits any more, is found out. */
    private boolean waitedJustBefore(NearRead read) {
        return history.nearReads().stream()
                .anyMatch(other -> other.last()
                        && other.place().equals(read.place())
                        && other.is(CacheStatus.UPDATING)
                        && other.endNanos() <= read.beginNanos()
                        && read.beginNanos() - other.endNanos() < PAUSE_NANOS);
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        if (!read.last()) {
            return null;
        }
        NearAnswer near = read.answer();
        long oldest = IN_STEP_MILLIS + (read.at() == At.FAR_EDGE ? FAR_MILLIS : 0);
        boolean young = near != null && near.ageMillis() < oldest;
        // A single way may take longer than an edge waits for it. Who comes just after that is not made to wait.
        boolean updating = read.edge()
                && young
                && (read.is(CacheStatus.UPDATING) || (read.is(CacheStatus.STALE) && waitedJustBefore(read)));
        if (!read.confirmed() && !updating) {
            return read.place() + " does not answer as usual though all is well";
        }
        List<ByVersion.Entry> acknowledged = writes.acknowledged().from(Version.NONE);
        boolean inStep = updating || (read.is(CacheStatus.HIT) && young);
        boolean newest = alone ? read.at() != At.CLIENT : read.edge() && inStep;
        if (!newest || acknowledged.isEmpty()) {
            return null;
        }
        String wrong = NearRule.against(acknowledged.getLast().version(), read, writes);
        return wrong == null ? null : wrong + ", though all has been well for long";
    }
}

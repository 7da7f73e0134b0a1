package dev.holdfast.simulation.world;

import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.simulation.history.Telling;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Follows the changes of one node through its crashes, as an edge or a watcher would, and writes down what it is told. */
final class Follower {
    private static final int PAGE = 16;
    private static final long WAIT_NANOS = 250_000_000L;
    private static final long AWAY_NANOS = 100_000_000L;

    private final Node node;
    private final SimulatedTime time;
    private final Recorder recorder;
    private @Nullable Position at;

    Follower(Node node, SimulatedTime time, Recorder recorder) {
        this.node = node;
        this.time = time;
        this.recorder = recorder;
    }

    void run(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            if (!read(WAIT_NANOS)) {
                time.park(AWAY_NANOS);
            }
        }
        // Nobody writes any more, and what is still told is all there is.
        Position before = null;
        while (at != null && !at.equals(before)) {
            before = at;
            read(0);
        }
    }

    /** @return whether the node has said something */
    private boolean read(long waitNanos) {
        Position after = at;
        if (after == null) {
            return begin();
        }
        Page nothing = new Page.Changes(List.of(), new Position(0, 0));
        Page page = node.ask(running -> read(running.changes(), after, waitNanos), nothing);
        if (page == null || page.equals(nothing)) {
            return false;
        }
        Telling told = recorder.told(node.name(), after, page);
        at = told.next();
        return true;
    }

    private boolean begin() {
        Position nowhere = new Position(0, 0);
        Position newest = node.ask(running -> newest(running.changes(), nowhere), nowhere);
        if (newest == null || newest.equals(nowhere)) {
            return false;
        }
        recorder.told(node.name(), newest, new Page.Changes(List.of(), newest));
        at = newest;
        return true;
    }

    private static Position newest(@Nullable ChangeLog log, Position otherwise) {
        return log == null ? otherwise : log.newest();
    }

    private static Page read(@Nullable ChangeLog log, Position after, long waitNanos) {
        if (log == null) {
            return new Page.Changes(List.of(), after);
        }
        try {
            return log.read(after, PAGE, waitNanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a follower", e);
        }
    }
}

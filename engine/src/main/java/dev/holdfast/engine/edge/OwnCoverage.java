package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.time.Time;

/** The coverage of an origin: it hears of all changes that are made through it, and while it is alone there are no others. */
public final class OwnCoverage implements Coverage {
    private final ReplicatedStore store;
    private final Time time;

    public OwnCoverage(ReplicatedStore store, Time time) {
        this.store = store;
        this.time = time;
    }

    @Override
    public long newestUntil(long toldNanos) {
        return store.alone() ? time.nanos() : toldNanos;
    }

    @Override
    public boolean passed(Point session) {
        return session.node().equals(store.changes().node());
    }

    /** Others' changes are not heard of at all, so the times to live decide. */
    @Override
    public boolean missedSince(long nanos) {
        return false;
    }
}

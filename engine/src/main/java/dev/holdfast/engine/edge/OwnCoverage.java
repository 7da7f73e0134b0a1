package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.ReplicatedStore;

/** The coverage of an origin: it hears of all changes that are made through it, and until another one comes there are no others. */
public final class OwnCoverage implements Coverage {
    private final ReplicatedStore store;

    public OwnCoverage(ReplicatedStore store) {
        this.store = store;
    }

    @Override
    public long newestUntil(long toldNanos) {
        return store.aloneUntil(toldNanos);
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

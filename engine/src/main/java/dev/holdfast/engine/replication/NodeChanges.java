package dev.holdfast.engine.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The feed of one node, for its readers. */
record NodeChanges(Feed feed, String node) implements ChangeLog {
    @Override
    public Position newest() {
        return feed.newest();
    }

    @Override
    public long behindNanos() {
        return 0;
    }

    @Override
    public Position begun() {
        return feed.begun();
    }

    @Override
    public @Nullable List<Change> unsettled(Position after, int limit) {
        return feed.unsettled(after, limit);
    }

    @Override
    public Page read(Position after, int limit, long waitNanos) throws InterruptedException {
        return feed.read(after, limit, waitNanos);
    }
}

package dev.holdfast.engine.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The feed of one node, for its readers, who are told what is sealed in the clear. */
record NodeChanges(Feed feed, String node, Seals seals) implements ChangeLog {
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
        List<Change> found = feed.unsettled(after, limit);
        return found == null ? null : found.stream().map(this::opened).toList();
    }

    @Override
    public Page read(Position after, int limit, long waitNanos) throws InterruptedException {
        Page page = feed.read(after, limit, waitNanos);
        return page instanceof Page.Changes(var changes, var next)
                ? new Page.Changes(changes.stream().map(this::opened).toList(), next)
                : page;
    }

    private Change opened(Change change) {
        if (change.record() == null || !change.record().sealed()) {
            return change;
        }
        KeyRef ref = new KeyRef(change.namespace(), change.key());
        return new Change(
                change.at(),
                change.namespace(),
                change.key(),
                change.version(),
                Opening.told(seals, ref, change.record()));
    }
}

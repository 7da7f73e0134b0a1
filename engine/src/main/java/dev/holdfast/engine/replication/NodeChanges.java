package dev.holdfast.engine.replication;

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
    public Page read(Position after, int limit, long waitNanos) throws InterruptedException {
        return feed.read(after, limit, waitNanos);
    }
}

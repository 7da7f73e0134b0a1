package dev.holdfast.engine.replication;

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

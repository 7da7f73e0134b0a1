package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the feed of one node and keeps what is near in step with it. An entry that was told since the feed is followed without a gap
 * is the newest as of the last that was heard; after a gap the times to live decide again, so that what is read is asked for, once
 * for each key and as fast as it is read, and nothing else is. Thread-safe.
 */
public final class FeedFollower implements Coverage, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);

    private final Time time;
    private final ChangeStream stream;
    private final Near near;
    private final Runnable catalogueChanged;
    private final Thread thread;
    private volatile @Nullable Span span;

    /**
     * @param since from when on no change was missed, by {@code Time.nanos}
     * @param until as of when all changes have been heard
     * @param node whose changes they are
     * @param position how far they have been heard
     */
    private record Span(long since, long until, String node, Position position) {}

    /** @param catalogueChanged called when namespaces or tokens may have changed; must not wait */
    public FeedFollower(Time time, ChangeStream stream, Near near, Runnable catalogueChanged) {
        this.time = time;
        this.stream = stream;
        this.near = near;
        this.catalogueChanged = catalogueChanged;
        this.thread = time.fork("follow", this::follow);
    }

    private void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                take(stream.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Event event) {
        switch (event) {
            case Event.Told(String node, ChangeLog.Change change) -> near.heard(change);
            case Event.Heard(String node, Position position) -> {
                Span before = span;
                long now = time.nanos();
                long since = before != null && before.node().equals(node) ? before.since() : now;
                span = new Span(since, now, node, position);
            }
            case Event.Lost(String why) -> {
                LOG.info("the feed has a gap, so what is near is asked for again as it is read: {}", why);
                near.counters().gaps.increment();
                span = null;
                catalogueChanged.run();
            }
            case Event.Catalogue() -> catalogueChanged.run();
        }
    }

    @Override
    public long newestUntil(long toldNanos) {
        Span now = span;
        if (now == null || toldNanos - now.since() < 0) {
            return toldNanos;
        }
        return now.until() - toldNanos > 0 ? now.until() : toldNanos;
    }

    @Override
    public boolean passed(String node, Position position) {
        Span now = span;
        return now != null && now.node().equals(node) && now.position().compareTo(position) >= 0;
    }

    @Override
    public void close() {
        stream.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

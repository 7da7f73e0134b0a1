package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the feed of one node and keeps what is near in step with it. An entry that was told since the feed is followed without a gap
 * is the newest as of the last that was heard. What was asked for before that is asked for again as it is read, since a change of it
 * may have been missed: once for each key, and nothing else is. While the feed cannot be followed, the times to live decide. Thread-safe.
 */
public final class FeedFollower implements Coverage, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);

    private final Time time;
    private final ChangeStream stream;
    private final Near near;
    private final Relay.Source relay;
    private final Runnable catalogueChanged;
    private final Thread thread;
    private volatile @Nullable Span span;
    /** The one before the last gap; set before {@link #span}, which is read first. */
    private volatile @Nullable Span past;

    private boolean refused;
    /** As of when all changes had been heard last, be it before a gap. */
    private volatile long asOf;

    /**
     * @param since from when on no change was missed, by {@code Time.nanos}
     * @param until as of when all changes have been heard
     * @param heard how far that is
     */
    private record Span(long since, long until, Point heard) {
        boolean began(long nanos) {
            return nanos - since >= 0;
        }

        long newestUntil(long toldNanos) {
            return until - toldNanos > 0 ? until : toldNanos;
        }
    }

    /**
     * @param relay is told on what is heard
     * @param catalogueChanged called when namespaces or tokens may have changed; must not wait
     */
    public FeedFollower(Time time, ChangeStream stream, Near near, Relay relay, Runnable catalogueChanged) {
        this(time, stream, near, relay.source(), catalogueChanged);
    }

    FeedFollower(Time time, ChangeStream stream, Near near, Relay.Source relay, Runnable catalogueChanged) {
        this.time = time;
        this.stream = stream;
        this.near = near;
        this.relay = relay;
        this.catalogueChanged = catalogueChanged;
        this.asOf = time.nanos();
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
            case Event.Told(ChangeLog.Change change) -> {
                near.heard(change, asOf);
                // After that: who hears of it there may ask here.
                relay.tell(change);
            }
            case Event.Heard(Point heard, long asOfNanos, Set<String> through) -> {
                Set<String> nodes = new HashSet<>(through);
                nodes.add(heard.node());
                relay.through(nodes);
                refused = false;
                heard(heard, asOfNanos);
            }
            case Event.Lost(String why) -> {
                LOG.info("the feed has a gap, so what is near is asked for again as it is read: {}", why);
                near.counters().gaps.increment();
                lost();
                relay.gap(why);
                catalogueChanged.run();
            }
            case Event.Catalogue() -> catalogueChanged.run();
            case Event.Refused(String why) -> refused(why);
        }
    }

    /** What is near is as old as it is then, as with an origin that is gone. */
    private void refused(String why) {
        relay.through(Set.of());
        if (!refused) {
            LOG.warn("an origin does not tell this edge of changes: {}", why);
            refused = true;
        }
    }

    private void lost() {
        Span before = span;
        past = before == null ? past : before;
        span = null;
    }

    private void heard(Point heard, long until) {
        Span before = span;
        if (before != null && !before.heard().node().equals(heard.node())) {
            lost();
            before = null;
        }
        asOf = until - asOf > 0 ? until : asOf;
        span = new Span(before == null ? time.nanos() : before.since(), asOf, heard);
        if (before == null) {
            // After that: who hears of a gap may ask here at once, and what is from before it must be in doubt by then.
            relay.gap("changes at " + heard.node() + " are heard of from here on");
        }
        relay.heard(asOf);
    }

    @Override
    public long newestUntil(long toldNanos) {
        Span now = span;
        if (now != null && now.began(toldNanos)) {
            return now.newestUntil(toldNanos);
        }
        // Until the gap it was heard of, too.
        Span before = past;
        return before != null && before.began(toldNanos) ? before.newestUntil(toldNanos) : toldNanos;
    }

    @Override
    public boolean missedSince(long nanos) {
        Span now = span;
        return now != null && !now.began(nanos);
    }

    @Override
    public boolean passed(Point session) {
        Span now = span;
        return now != null
                && now.heard().node().equals(session.node())
                && now.heard().at().compareTo(session.at()) >= 0;
    }

    /** For how long nothing has been heard of what the feed's node has changed. */
    public long silentMillis() {
        return Math.max(0, time.nanos() - asOf) / 1_000_000;
    }

    @Override
    public void close() {
        stream.close();
        Background.end(thread);
    }
}

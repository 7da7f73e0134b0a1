package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The feed of an origin as its server tells it over a connection, in portions that are asked for one by one. */
final class OriginFeed {
    private static final long SECOND = 1_000_000_000L;

    private final Time time;
    private final int page;

    /** What is told, and where that stands. */
    sealed interface Told {
        Point at();

        record News(Point at, Event event) implements Told {}

        /**
         * All has been told.
         *
         * @param sentNanos how long after the connection was asked for
         * @param behindNanos how much earlier it was all that there was
         * @param through the nodes that it was heard from
         */
        record Beat(Point at, long sentNanos, long behindNanos, Set<String> through) implements Told {}
    }

    /** What the origin knows of a connection; ends with the origin's process. */
    static final class Connection {
        private final Serving with;
        private final long came;
        private Position at;
        private long beatNanos;

        private Connection(Serving with, long came, Position at, long beatNanos) {
            this.with = with;
            this.came = came;
            this.at = at;
            this.beatNanos = beatNanos;
        }
    }

    /** @param connection null when there is none any more */
    record Portion(@Nullable Connection connection, List<Told> events) {}

    /**
     * @param time for heartbeats
     * @param page how many changes a portion has at most
     */
    OriginFeed(Time time, int page) {
        this.time = time;
        this.page = page;
    }

    private static ChangeLog log(Serving running) {
        return Objects.requireNonNull(running.changes(), "an origin of edges keeps a log of its changes");
    }

    /** Says first where the stream begins. */
    Portion connect(Serving running, @Nullable Point since) {
        ChangeLog log = log(running);
        List<Told> events = new ArrayList<>();
        long came = time.nanos();
        long behind = log.behindNanos();
        Position newest = log.newest();
        Position begin = newest;
        if (since != null && since.node().equals(log.node())) {
            begin = since.at();
        } else if (since != null) {
            events.add(new Told.News(new Point(log.node(), begin), new Event.Lost("this is another node")));
        }
        if (begin.equals(newest)) {
            events.add(heard(log, begin, 0, behind));
        }
        return new Portion(
                new Connection(running, came, begin, time.nanos() + (events.isEmpty() ? 0 : SECOND)), events);
    }

    Portion more(Serving running, Connection open) {
        if (!open.with.equals(running)) {
            // The process that knew of the connection is gone.
            return new Portion(null, List.of());
        }
        ChangeLog log = log(running);
        List<Told> events = new ArrayList<>();
        try {
            switch (log.read(open.at, page, Math.max(0, open.beatNanos - time.nanos()))) {
                case Page.Changes(var changes, Position next) -> {
                    for (ChangeLog.Change change : changes) {
                        if (!change.namespace().reserved()) {
                            events.add(new Told.News(new Point(log.node(), change.at()), new Event.Told(change)));
                        }
                    }
                    open.at = next;
                }
                case Page.Gap(Position resumeAt, String why) -> {
                    events.add(new Told.News(new Point(log.node(), resumeAt), new Event.Lost(why)));
                    open.at = resumeAt;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts an origin's request", e);
        }
        long sent = time.nanos() - open.came;
        long behind = log.behindNanos();
        if (time.nanos() - open.beatNanos >= 0 && open.at.compareTo(log.newest()) >= 0) {
            events.add(heard(log, open.at, sent, behind));
            open.beatNanos = time.nanos() + SECOND;
        }
        return new Portion(open, events);
    }

    /** That all has been told. */
    private static Told heard(ChangeLog log, Position until, long sentNanos, long behindNanos) {
        return new Told.Beat(new Point(log.node(), until), sentNanos, behindNanos, log.through());
    }
}

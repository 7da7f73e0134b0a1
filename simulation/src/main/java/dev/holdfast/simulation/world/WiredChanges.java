package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.ChangeStream;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.Wire.Came;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The feed of one origin as an edge is told it: what the server's feed and the edge's reader of it do over a connection, in portions
 * that are asked for one by one. A connection that ends is made again and goes on from the last that was heard.
 */
final class WiredChanges implements ChangeStream {
    /** A server streams without being asked; here a way of a quarter of a second must not hold back what a busy node writes. */
    private static final int PAGE = 1024;

    private static final long SECOND = 1_000_000_000L;
    private static final long SILENCE_NANOS = 5 * SECOND;
    private static final long FIRST_PAUSE_NANOS = 50_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 2 * SECOND;

    private final Wire wire;
    private final Time time;
    private final Deque<Told> told = new ArrayDeque<>();
    private @Nullable Point last;
    private @Nullable Connection connection;
    private long pause = FIRST_PAUSE_NANOS;

    /** An event and where it stands. */
    private record Told(Point at, Event event) {}

    /** What the origin knows of it; ends with the origin's process. */
    private static final class Connection {
        private final Origin.Running with;
        private Position at;
        private long beatNanos;

        private Connection(Origin.Running with, Position at, long beatNanos) {
            this.with = with;
            this.at = at;
            this.beatNanos = beatNanos;
        }
    }

    private record Portion(@Nullable Connection connection, List<Told> events) {}

    WiredChanges(Wire wire, Time time) {
        this.wire = wire;
        this.time = time;
    }

    @Override
    public Event next() throws InterruptedException {
        while (told.isEmpty()) {
            Connection open = connection;
            Point from = last;
            Came<Portion> came =
                    wire.call(running -> open == null ? connect(running, from) : more(running, open), SILENCE_NANOS);
            if (came instanceof Came.Answered<Portion>(Portion portion) && portion.connection() != null) {
                connection = portion.connection();
                told.addAll(portion.events());
                pause = FIRST_PAUSE_NANOS;
            } else {
                connection = null;
                time.sleep(pause / 2 + time.random().nextLong(pause / 2));
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
        Told next = told.remove();
        last = next.at();
        return next.event();
    }

    private static ChangeLog log(Origin.Running running) {
        return Objects.requireNonNull(running.changes(), "an origin of edges keeps a log of its changes");
    }

    /** Says first where the stream begins. */
    private Portion connect(Origin.Running running, @Nullable Point since) {
        ChangeLog log = log(running);
        List<Told> events = new ArrayList<>();
        Position newest = log.newest();
        Position begin = newest;
        if (since != null && since.node().equals(log.node())) {
            begin = since.at();
        } else if (since != null) {
            events.add(new Told(new Point(log.node(), begin), new Event.Lost("this is another node")));
        }
        if (begin.equals(newest)) {
            events.add(new Told(new Point(log.node(), begin), new Event.Heard(new Point(log.node(), begin))));
        }
        return new Portion(new Connection(running, begin, time.nanos() + SECOND), events);
    }

    private Portion more(Origin.Running running, Connection open) {
        if (!open.with.equals(running)) {
            // The process that knew of the connection is gone.
            return new Portion(null, List.of());
        }
        ChangeLog log = log(running);
        List<Told> events = new ArrayList<>();
        try {
            switch (log.read(open.at, PAGE, Math.max(0, open.beatNanos - time.nanos()))) {
                case Page.Changes(var changes, Position next) -> {
                    for (ChangeLog.Change change : changes) {
                        if (!change.namespace().reserved()) {
                            events.add(new Told(new Point(log.node(), change.at()), new Event.Told(change)));
                        }
                    }
                    open.at = next;
                }
                case Page.Gap(Position resumeAt, String why) -> {
                    events.add(new Told(new Point(log.node(), resumeAt), new Event.Lost(why)));
                    open.at = resumeAt;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts an origin's request", e);
        }
        if (time.nanos() - open.beatNanos >= 0 && heard(log, open.at, events)) {
            open.beatNanos = time.nanos() + SECOND;
        }
        return new Portion(open, events);
    }

    /** Says that all has been told, if it has. */
    private static boolean heard(ChangeLog log, Position until, List<Told> events) {
        if (until.compareTo(log.newest()) < 0) {
            return false;
        }
        Point at = new Point(log.node(), until);
        return events.add(new Told(at, new Event.Heard(at)));
    }

    @Override
    public void close() {
        // An edge of the world is killed, never stopped.
    }
}

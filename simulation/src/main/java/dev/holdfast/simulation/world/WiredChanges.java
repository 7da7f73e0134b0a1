package dev.holdfast.simulation.world;

import dev.holdfast.client.transport.BeatClock;
import dev.holdfast.engine.edge.ChangeStream;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.OriginFeed.Connection;
import dev.holdfast.simulation.world.OriginFeed.Portion;
import dev.holdfast.simulation.world.OriginFeed.Told;
import dev.holdfast.simulation.world.Wire.Came;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The feed of one origin as an edge reads it. A connection that ends is made again and goes on from the last that was heard. */
final class WiredChanges implements ChangeStream {
    /** A server streams without being asked; here a way of a quarter of a second must not hold back what a busy node writes. */
    private static final int PAGE = 1024;

    private static final long SECOND = 1_000_000_000L;
    private static final long SILENCE_NANOS = 5 * SECOND;
    private static final long FIRST_PAUSE_NANOS = 50_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 2 * SECOND;

    private final Wire wire;
    private final Time time;
    private final OriginFeed feed;
    private final Deque<Told> told = new ArrayDeque<>();
    private @Nullable Point last;
    private final BeatClock clock;
    private @Nullable Connection connection;
    private long pause = FIRST_PAUSE_NANOS;

    WiredChanges(Wire wire, Time time) {
        this.wire = wire;
        this.time = time;
        this.feed = new OriginFeed(time, PAGE);
        this.clock = new BeatClock(time::nanos, 0);
    }

    @Override
    public Event next() throws InterruptedException {
        while (told.isEmpty()) {
            Connection open = connection;
            Point from = last;
            if (open == null) {
                clock.asking();
            }
            Came<Portion> came = wire.call(
                    running -> open == null ? feed.connect(running, from) : feed.more(running, open), SILENCE_NANOS);
            if (came instanceof Came.Answered<Portion>(Portion portion) && portion.connection() != null) {
                connection = portion.connection();
                if (open == null) {
                    clock.begun();
                }
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
        return switch (next) {
            case Told.News(var _, Event event) -> event;
            case Told.Beat beat -> heard(beat);
        };
    }

    private Event heard(Told.Beat beat) {
        Event heard = new Event.Heard(beat.at(), clock.asOf(beat.sentNanos(), beat.behindNanos()), beat.through());
        if (told.isEmpty() && clock.worn()) {
            connection = null;
        }
        return heard;
    }

    @Override
    public void close() {
        // An edge of the world is killed, never stopped.
    }
}

package dev.holdfast.client;

import dev.holdfast.client.transport.BeatClock;
import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.EventStream;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The changes of a namespace as the server tells them, over as many connections as it takes. It goes on from the last position
 * it was told; where there is none yet, a new connection is a gap. One thread reads; any may close.
 */
final class WatchStream implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** There is a heartbeat every second. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final long SLOW_NANOS = 100_000_000;
    private static final long FIRST_PAUSE_NANOS = 100_000_000;
    private static final int MOST_DOUBLINGS = 6;

    /**
     * What comes next.
     *
     * @param event null for a heartbeat, which only says that nothing was missed
     * @param asOfNanos of a heartbeat, when all that was told by now was all that there was, at least; by the time of the calls
     */
    record Signal(@Nullable WatchEvent event, String position, long asOfNanos) {
        Signal(WatchEvent event, String position) {
            this(event, position, 0);
        }
    }

    private final Calls calls;
    private final BeatClock clock;
    private final String path;
    private final Object lock = new Object();
    private volatile String position;
    private volatile boolean closed;
    private volatile @Nullable Thread reader;
    private @Nullable EventStream stream;
    private boolean begun;
    private int failures;

    /** @param position empty for from now on */
    WatchStream(Calls calls, String namespace, String prefix, String position) {
        this.calls = calls;
        this.clock = new BeatClock(calls.time()::nanos, SLOW_NANOS);
        this.path = Paths.namespace(namespace) + "/watch?prefix=" + Percent.encode(prefix);
        this.position = position;
        this.begun = !position.isEmpty();
    }

    /**
     * @return null when it was closed
     * @throws HoldfastException.Refused when the server will not have it
     */
    @Nullable
    Signal next() {
        reader = Thread.currentThread();
        while (!closed) {
            try {
                EventStream open = stream;
                if (open == null) {
                    Signal lost = connect();
                    if (lost != null) {
                        return lost;
                    }
                    continue;
                }
                EventStream.Event event = open.next();
                if (event == null) {
                    lose();
                    continue;
                }
                failures = 0;
                Signal signal = signal(event);
                if (signal != null) {
                    position = signal.position();
                    if (signal.event() == null && clock.worn()) {
                        drop();
                    }
                    return signal;
                }
            } catch (IOException | HoldfastException.Unavailable broken) {
                lose();
            }
            if (Thread.currentThread().isInterrupted()) {
                close();
            }
        }
        return null;
    }

    /** @return a gap, when what came before this connection can't be told */
    private @Nullable Signal connect() {
        if (failures > 0) {
            pause();
        }
        if (closed) {
            return null;
        }
        Map<String, String> headers = position.isEmpty()
                ? Map.of("Accept", "text/event-stream")
                : Map.of("Accept", "text/event-stream", "Last-Event-ID", position);
        clock.asking();
        EventStream opened = new EventStream(
                calls.stream(path, headers, Deadline.after(calls.time(), CONNECT)), SILENCE, calls.time());
        clock.begun();
        synchronized (lock) {
            stream = opened;
            if (closed) {
                opened.close();
            }
        }
        boolean lost = begun && position.isEmpty();
        begun = true;
        return lost ? new Signal(new WatchEvent.Gap("", "the connection was lost before it had a position"), "") : null;
    }

    private void lose() {
        failures++;
        drop();
    }

    private void drop() {
        synchronized (lock) {
            if (stream != null) {
                stream.close();
                stream = null;
            }
        }
    }

    private void pause() {
        long most = FIRST_PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS);
        long end = calls.time().nanos() + most / 2 + (long) (calls.time().random() * most / 2);
        for (long left = end - calls.time().nanos();
                left > 0 && !closed;
                left = end - calls.time().nanos()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            calls.time().park(left);
        }
    }

    /** @return null for what this client does not know */
    private @Nullable Signal signal(EventStream.Event event) throws IOException {
        try {
            JsonNode data = Json.read(event.data());
            return switch (event.kind()) {
                case "change" -> new Signal(change(event.id(), data), event.id());
                case "gap" -> new Signal(new WatchEvent.Gap(event.id(), Json.text(data, "why")), event.id());
                case "heartbeat" ->
                    new Signal(
                            null, event.id(), clock.asOf(nanos(data.path("sent_ms")), nanos(data.path("behind_ms"))));
                default -> null;
            };
        } catch (JacksonException | IllegalArgumentException other) {
            throw new IOException("not an event of a Holdfast server", other);
        }
    }

    private static long nanos(JsonNode millis) {
        return millis.asLong(0) * 1_000_000;
    }

    private static WatchEvent.Change change(String id, JsonNode data) {
        Version version = new Version(Json.text(data, "version"));
        boolean deleted = data.path("deleted").asBoolean(false);
        Fields fields = Fields.of(data);
        byte[] bytes = fields.value();
        return new WatchEvent.Change(
                id,
                Json.text(data, "key"),
                version,
                deleted,
                fields.metadata(),
                fields.expiration(),
                bytes == null || deleted ? null : new Value(version, bytes, fields.metadata(), fields.expiration()));
    }

    String position() {
        return position;
    }

    @Override
    public void close() {
        closed = true;
        synchronized (lock) {
            if (stream != null) {
                stream.close();
            }
        }
        Thread waiting = reader;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }
}

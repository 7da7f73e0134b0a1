package dev.holdfast.server.edge;

import dev.holdfast.client.transport.BeatClock;
import dev.holdfast.client.transport.EventStream;
import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.engine.edge.ChangeStream;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.ClockBounds;
import dev.holdfast.engine.time.ClockWatch;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.api.Via;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The feed of one origin. A connection that ends is made again, at growing intervals, and goes on from the last position that was
 * heard; if the origin has come to be another node meanwhile, it says that there is a gap. One thread reads.
 */
public final class RemoteChanges implements ChangeStream {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteChanges.class);

    /** There is a heartbeat every second. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

    private final Origins origin;
    private final Time time;
    private final BeatClock clock;
    private final ClockWatch clocks = new ClockWatch();
    private long askedWall;
    private String last = "";
    private long pause = FIRST_PAUSE_NANOS;
    private @Nullable EventStream stream;
    private volatile boolean closed;

    /** @param origin exactly one: positions are one node's */
    public RemoteChanges(Origins origin, Time time) {
        this.origin = origin;
        this.time = time;
        // Until something is as of later than its first heartbeat was read, an edge may have missed what it was asking
        // for by then.
        this.clock = new BeatClock(time::nanos, 0);
    }

    @Override
    public Event next() throws InterruptedException {
        while (true) {
            if (closed || Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                EventStream open = stream;
                if (open == null) {
                    Event refused = connect();
                    if (refused != null) {
                        pause = LONGEST_PAUSE_NANOS;
                        rest();
                        return refused;
                    }
                    continue;
                }
                EventStream.Event told = open.next();
                if (told == null) {
                    throw new IOException("it has ended");
                }
                Event event = event(told);
                // Of several that are told so at once one is to come before the others.
                pause = event instanceof Event.Refused ? LONGEST_PAUSE_NANOS : FIRST_PAUSE_NANOS;
                if (event instanceof Event.Heard && clock.worn()) {
                    disconnect();
                }
                if (event != null) {
                    return event;
                }
            } catch (IOException | RuntimeException | DamagedRecord broken) {
                LOG.debug("the feed of an origin: {}", broken.getMessage());
                disconnect();
                rest();
            }
        }
    }

    private void rest() throws InterruptedException {
        time.sleep(pause / 2 + time.random().nextLong(pause / 2));
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }

    /** @return that there is no connection, and why not; null when there is one */
    private @Nullable Event connect() throws IOException, InterruptedException {
        askedWall = time.wallMillis();
        clock.asking();
        Request request = Request.get("/v1/feed").with("Accept", "text/event-stream");
        Response<InputStream> response = origin.open(last.isEmpty() ? request : request.with("Last-Event-ID", last));
        if (response.status() == 200) {
            stream = new EventStream(response.body(), SILENCE, origin.time());
            clock.begun();
            return null;
        }
        response.body().close();
        String answers = "origin " + response.endpoint() + " answers " + response.status();
        if (response.status() == 508) {
            return new Event.Refused(
                    answers + ": it hears of changes by way of this edge. Let no two edges name each other");
        }
        throw new IOException(answers);
    }

    private void disconnect() {
        EventStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }

    private @Nullable Event event(EventStream.Event told) throws DamagedRecord {
        Event event = switch (told.kind()) {
            case "change" -> new Event.Told(change(told));
            case "heartbeat" -> heard(Point.parse(told.id()), Json.parse(told.data()));
            case "gap" -> new Event.Lost(Json.parse(told.data()).path("why").asString(""));
            case "catalogue" -> new Event.Catalogue();
            case "end" -> ended(Json.parse(told.data()));
            default -> null;
        };
        last = told.id();
        return event;
    }

    private Event heard(Point at, JsonNode data) {
        Set<String> through =
                data.path("through").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
        long sent = nanos(data.path("sent_ms"));
        if (data.path("wall_ms").isNumber()) {
            hear(data.path("wall_ms").asLong(0), sent);
        }
        long asOf = clock.asOf(sent, nanos(data.path("behind_ms")));
        return new Event.Heard(at, asOf, through);
    }

    /** @param sentNanos how long after the request had come there */
    private void hear(long originWall, long sentNanos) {
        long nanos = time.nanos();
        long wall = time.wallMillis();
        long ago = nanos - clock.asOf(sentNanos, 0);
        clocks.add(ClockBounds.of(askedWall + sentNanos / 1_000_000, ago, originWall, wall), wall, nanos);
    }

    /** How far the origin's clock is ahead of this node's; empty when nothing has been heard of it lately. Any thread may ask. */
    public Optional<ClockBounds> clock() {
        return clocks.bounds(time);
    }

    private static long nanos(JsonNode millis) {
        return millis.asLong(0) * 1_000_000;
    }

    /** Why the connection is closed behind this; null when trying again will say it better. */
    private static @Nullable Event ended(JsonNode data) {
        return data.path("code").asString("").equals(Via.LOOP)
                ? new Event.Refused(data.path("why").asString(""))
                : null;
    }

    private static Change change(EventStream.Event told) throws DamagedRecord {
        JsonNode data = Json.parse(told.data());
        NamespaceId namespace = NamespaceId.parse(data.path("namespace").asString());
        Key key = Key.of(data.path("key").asString());
        JsonNode encoded = data.path("record");
        Record record = encoded.isString()
                ? RecordFormat.decode(namespace, key, Base64.getDecoder().decode(encoded.asString()))
                : null;
        Version version =
                new Version(Long.parseUnsignedLong(data.path("version").asString(), 16));
        return new Change(Point.parse(told.id()).at(), namespace, key, version, record);
    }

    @Override
    public void close() {
        closed = true;
        EventStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}

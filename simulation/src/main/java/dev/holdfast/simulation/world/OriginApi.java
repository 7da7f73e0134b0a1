package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Receipt;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.OriginFeed.Connection;
import dev.holdfast.simulation.world.OriginFeed.Told;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values and the watch of one namespace as the server's native door answers them. Texts are plain: keys and values of the world need
 * no escape.
 */
final class OriginApi {
    /** Few enough that a client may lag behind, and enough that it catches up with a busy node over a long way. */
    private static final int PAGE = 64;

    private static final byte[] NOTHING = {};

    private final Namespace namespace;
    private final long ttlNanos;
    private final OriginFeed feed;
    private final Recorder recorder;
    private final BiConsumer<Version, Point> made;

    /** A request as it comes. */
    record Asked(String method, String path, String query, HttpHeaders headers, byte[] body) {
        private String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** @param stream what the rest of the body is asked for with; null for none */
    record Reply(
            int status,
            Map<String, List<String>> headers,
            byte[] body,
            @Nullable Connection stream) {}

    /**
     * What comes next of a watch.
     *
     * @param stream what more is asked for with; null when the connection is closed behind it
     */
    record Portion(byte[] bytes, @Nullable Connection stream) {}

    /**
     * @param ttlNanos for how long the origins hold an answer to be good enough
     * @param time for heartbeats
     * @param made told of each write that is acknowledged, and where it stands in its origin's log
     */
    OriginApi(Namespace namespace, long ttlNanos, Time time, Recorder recorder, BiConsumer<Version, Point> made) {
        this.namespace = namespace;
        this.ttlNanos = ttlNanos;
        this.feed = new OriginFeed(time, PAGE);
        this.recorder = recorder;
        this.made = made;
    }

    Reply answer(Serving running, Asked asked) {
        String root = "/v1/namespaces/" + namespace.title();
        if (asked.path().equals(root + "/watch")) {
            return watch(running, asked);
        }
        if (!asked.path().startsWith(root + "/values/")) {
            throw new IllegalArgumentException("the world has no " + asked.path());
        }
        Key key = Key.of(asked.path().substring((root + "/values/").length()));
        return switch (asked.method()) {
            case "GET" -> get(running, key, asked);
            case "PUT" ->
                written(running.store()
                        .put(namespace, key, asked.body(), NOTHING, expiration(asked), condition(asked)));
            case "DELETE" -> written(running.store().delete(namespace, key, condition(asked)));
            default -> throw new IllegalArgumentException("the world has no " + asked.method());
        };
    }

    private static long expiration(Asked asked) {
        return asked.query().startsWith("expiration=")
                ? Long.parseLong(asked.query().substring("expiration=".length()))
                : Record.NEVER;
    }

    private static Condition condition(Asked asked) {
        if (!asked.header("If-Match").isEmpty()
                || !asked.header("If-None-Match").isEmpty()) {
            throw new IllegalArgumentException("applications of the world write without conditions");
        }
        return Condition.NONE;
    }

    private Reply get(Serving running, Key key, Asked asked) {
        NearStore near = Objects.requireNonNull(running.near(), "an origin of edges has a near store");
        NearAnswer answer = switch (asked.query()) {
            case "" -> near.read(namespace, key, ttlNanos, session(asked));
            case "mode=confirmed" ->
                new NearAnswer(near.get(namespace.id(), key, ReadMode.CONFIRMED), CacheStatus.BYPASS, 0);
            case "mode=fresh" -> new NearAnswer(near.get(namespace.id(), key, ReadMode.FRESH), CacheStatus.BYPASS, 0);
            default -> throw new IllegalArgumentException("the world has no " + asked.query());
        };
        recorder.told(key, answer.answer());
        Map<String, List<String>> headers = new TreeMap<>();
        headers.put("Age", List.of(Long.toString(answer.ageMillis() / 1_000)));
        return switch (answer.answer()) {
            case Answer.Found(Record record, Freshness freshness) -> {
                headers.put("Holdfast-Source", List.of(freshness.source()));
                headers.put("Holdfast-Confirmed", List.of(Boolean.toString(freshness.confirmed())));
                headers.put("Holdfast-Version", List.of(record.version().toString()));
                if (record.expiration() != Record.NEVER) {
                    headers.put("Holdfast-Expiration", List.of(Long.toString(record.expiration())));
                }
                boolean known = asked.header("If-None-Match").equals("\"" + record.version() + "\"");
                yield new Reply(known ? 304 : 200, headers, known ? NOTHING : record.value(), null);
            }
            case Answer.Missing(Version asOf, Freshness freshness) -> {
                headers.put("Holdfast-Confirmed", List.of(Boolean.toString(freshness.confirmed())));
                headers.put("Holdfast-Absent-As-Of", List.of(asOf.toString()));
                yield error(404, headers, "key-not-found", "There is no such key.");
            }
            case Answer.Unavailable(Store.Refusal why) ->
                error(503, headers, why.reason().name(), why.sentence());
        };
    }

    private static List<Point> session(Asked asked) {
        String text = asked.header("Holdfast-Session");
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(Point::parse).toList();
    }

    private static Reply error(int status, Map<String, List<String>> headers, String code, String sentence) {
        String text = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + sentence.replace('"', '\'') + "\"}}";
        return new Reply(status, headers, text.getBytes(StandardCharsets.UTF_8), null);
    }

    private Reply written(Written written) {
        return switch (written) {
            case Written.Acknowledged(Receipt receipt) -> {
                made.accept(receipt.version(), receipt.session());
                String text = "{\"version\":\"" + receipt.version() + "\",\"homes\":" + texts(receipt.homes())
                        + ",\"hinted\":" + texts(receipt.hinted()) + ",\"domains\":" + receipt.domains()
                        + ",\"short\":" + receipt.shortOf() + "}";
                Map<String, List<String>> headers =
                        Map.of("Holdfast-Session", List.of(receipt.session().toString()));
                yield new Reply(200, headers, text.getBytes(StandardCharsets.UTF_8), null);
            }
            case Written.ConditionFailed _ -> error(412, Map.of(), "condition-failed", "The condition does not hold.");
            case Written.Refused(Store.Refusal why) ->
                error(503, Map.of(), why.reason().name(), why.sentence());
            case Written.Unknown(Store.Refusal why) -> error(504, Map.of(), "unknown", why.sentence());
        };
    }

    private static String texts(List<String> texts) {
        return texts.isEmpty() ? "[]" : "[\"" + String.join("\",\"", texts) + "\"]";
    }

    private Reply watch(Serving running, Asked asked) {
        String last = asked.header("Last-Event-ID");
        Portion begin = text(feed.connect(running, last.isEmpty() ? null : Point.parse(last)));
        return new Reply(200, Map.of("Content-Type", List.of("text/event-stream")), begin.bytes(), begin.stream());
    }

    Portion more(Serving running, Connection open) {
        return text(feed.more(running, open));
    }

    private static Portion text(OriginFeed.Portion told) {
        StringBuilder events = new StringBuilder();
        for (Told each : told.events()) {
            switch (each) {
                case Told.News(Point at, Event.Told(ChangeLog.Change change)) ->
                    event(events, at, "change", text(change));
                case Told.News(Point at, Event.Lost(String why)) ->
                    event(events, at, "gap", "{\"why\":\"" + why.replace('"', '\'') + "\"}");
                case Told.News(var _, Event other) -> throw new IllegalStateException("no server tells " + other);
                case Told.Beat(Point at, long sentNanos, long behindNanos, var _) ->
                    event(
                            events,
                            at,
                            "heartbeat",
                            "{\"sent_ms\":" + sentNanos / 1_000_000 + ",\"behind_ms\":"
                                    + (behindNanos + 999_999) / 1_000_000 + "}");
            }
        }
        return new Portion(events.toString().getBytes(StandardCharsets.UTF_8), told.connection());
    }

    private static String text(ChangeLog.Change change) {
        StringBuilder data =
                new StringBuilder("{\"key\":\"" + change.key() + "\",\"version\":\"" + change.version() + "\"");
        Record record = change.record();
        if (record != null) {
            data.append(",\"deleted\":").append(record.tombstone());
            if (!record.tombstone()) {
                data.append(",\"value\":\"")
                        .append(new String(record.value(), StandardCharsets.UTF_8))
                        .append('"');
                if (record.expiration() != Record.NEVER) {
                    data.append(",\"expiration\":").append(record.expiration());
                }
            }
        }
        return data.append('}').toString();
    }

    private static void event(StringBuilder events, Point at, String kind, String data) {
        events.append("id: ").append(at).append('\n');
        events.append("event: ").append(kind).append('\n');
        events.append("data: ").append(data).append("\n\n");
    }
}

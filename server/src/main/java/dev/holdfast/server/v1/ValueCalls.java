package dev.holdfast.server.v1;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.api.NearHeaders;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.Rooms.Entered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/namespaces/{ns}/values/{key}} and {@code …/explain/{key}}. */
final class ValueCalls {
    private static final String SESSION = "Holdfast-Session";

    private final NearStore store;
    private final NearReads reads;
    private final long ttlNanos;
    private final Rooms rooms;
    private final Time time;

    ValueCalls(NearReads reads, Duration ttl, Rooms rooms, Time time) {
        this.ttlNanos = ttl.toNanos();
        this.store = reads.store();
        this.reads = reads;
        this.rooms = rooms;
        this.time = time;
    }

    void answer(Call call, String named, String rawKey) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET", "HEAD" -> get(call, named, rawKey);
            case "PUT" -> put(call, named, rawKey);
            case "DELETE" -> delete(call, named, rawKey);
            default -> throw ApiError.method(call, "GET, HEAD, PUT, DELETE");
        }
    }

    /** @return false when the call must not wait for what it takes; nothing has been done then */
    boolean get(Call call, String named, String rawKey) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.READ);
        Key key = Rooms.key(rawKey);
        NearAnswer near = near(call, room.namespace(), key);
        if (near == null) {
            return false;
        }
        NearHeaders.describe(call, near);
        if ("millis".equals(call.query().get("age"))) {
            call.answerHeader(NearHeaders.AGE_MILLIS, Long.toString(near.ageMillis()));
        }
        switch (near.answer()) {
            case Answer.Found(Record record, Store.Freshness freshness) -> {
                describe(call, record, freshness);
                String known = call.header("If-None-Match");
                if (known != null && (known.equals("*") || known.equals(etag(record.version())))) {
                    call.respond(304);
                } else {
                    call.respond(200, Call.BYTES, record.value());
                }
            }
            case Answer.Missing(Version asOf, Store.Freshness freshness) -> {
                NearHeaders.confirmed(call, freshness.confirmed());
                call.answerHeader("Holdfast-Absent-As-Of", asOf.toString());
                throw new ApiError(404, "key-not-found", "There is no key \"" + key + "\".");
            }
            case Answer.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
        }
        return true;
    }

    private @Nullable NearAnswer near(Call call, Namespace namespace, Key key) throws ApiError {
        String mode = call.query().get("mode");
        if (mode == null || mode.equals("cached")) {
            long ttl = Lifetimes.cacheTtlNanos(call.query(), ttlNanos);
            return reads.read(call, namespace, key, ttl, session(call));
        }
        ReadMode asked = switch (mode) {
            case "confirmed" -> ReadMode.CONFIRMED;
            case "fresh" -> ReadMode.FRESH;
            default ->
                throw ApiError.badRequest("bad-mode", "mode must be cached, confirmed or fresh, not \"" + mode + "\".");
        };
        return call.atOnce() ? null : new NearAnswer(store.get(namespace.id(), key, asked), CacheStatus.BYPASS, 0);
    }

    /** How far the client has come, through this node or others: it sees all changes up to these. */
    private static List<Point> session(Call call) throws ApiError {
        String text = call.header(SESSION);
        if (text == null || text.isBlank()) {
            return List.of();
        }
        List<Point> session = new ArrayList<>();
        for (String point : text.split(",", -1)) {
            try {
                session.add(Point.parse(point.strip()));
            } catch (IllegalArgumentException e) {
                throw ApiError.badRequest(
                        "bad-session", SESSION + " must be what writes were answered with, not \"" + point + "\".");
            }
        }
        return session;
    }

    private static void describe(Call call, Record record, Store.Freshness freshness) {
        String version = record.version().toString();
        call.answerHeader("ETag", "\"" + version + "\"");
        call.answerHeader("Holdfast-Version", version);
        NearHeaders.confirmed(call, freshness.confirmed());
        if (record.metadata().length > 0) {
            call.answerHeaderUtf8("Holdfast-Metadata", record.metadata());
        }
        if (record.expiration() != Record.NEVER) {
            call.answerHeader("Holdfast-Expiration", Long.toString(record.expiration()));
        }
    }

    private void put(Call call, String named, String rawKey) throws ApiError, BodyFault {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        Key key = Rooms.key(rawKey);
        Condition condition = Conditions.ofPut(call.header("If-Match"), call.header("If-None-Match"));
        long expiration = Lifetimes.expiration(call.query(), Math.floorDiv(time.wallMillis(), 1000));
        byte[] metadata = Lifetimes.metadata(call.headerBytes("Holdfast-Metadata"));
        byte[] value = call.body(Limits.VALUE_BYTES);
        answer(call, store.put(room.namespace(), key, value, metadata, expiration, condition));
    }

    private void delete(Call call, String named, String rawKey) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        Key key = Rooms.key(rawKey);
        Condition condition = Conditions.ofDelete(call.header("If-Match"), call.header("If-None-Match"));
        answer(call, store.delete(room.namespace(), key, condition));
    }

    private void answer(Call call, Written written) throws ApiError {
        switch (written) {
            case Written.Acknowledged done -> {
                Store.Receipt receipt = done.receipt();
                call.answerHeader("ETag", etag(receipt.version()));
                call.answerHeader("Holdfast-Version", receipt.version().toString());
                call.answerHeader("Holdfast-Homes", String.join(", ", receipt.homes()));
                call.answerHeader("Holdfast-Domains", Integer.toString(receipt.domains()));
                if (receipt.shortOf()) {
                    call.answerHeader("Holdfast-Short", "true");
                }
                String session = receipt.session().toString();
                call.answerHeader(SESSION, session);
                Json.answer(call, 200, Outcomes.receipt(receipt).put("session", session));
            }
            case Written.ConditionFailed failed -> throw Outcomes.conditionFailed(failed);
            case Written.Refused refused -> throw Outcomes.refused(refused.why());
            case Written.Unknown unknown -> throw Outcomes.unknown(unknown.why());
        }
    }

    /** Answers what each home says of a key. */
    void explain(Call call, String named, String rawKey) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
        Entered room = rooms.enterOpen(call, named, Permission.READ);
        Key key = Rooms.key(rawKey);
        Store.Explanation explanation = store.explain(room.namespace().id(), key);
        Store.Refusal refused = explanation.refused();
        if (refused != null) {
            throw Outcomes.refused(refused);
        }
        ObjectNode body = Json.object().put("key", key.toString());
        ArrayNode homes = body.putArray("homes");
        for (Store.HomeView home : explanation.homes()) {
            homes.addObject()
                    .put("provider", home.provider())
                    .put("state", home.state().label())
                    .put("version", text(home.version()))
                    .put("hint", text(home.hint()))
                    .put("says", home.says());
        }
        body.set("answer", Outcomes.answer(explanation.answer()));
        Json.answer(call, 200, body);
    }

    private static String etag(Version version) {
        return "\"" + version + "\"";
    }

    private static @Nullable String text(@Nullable Version version) {
        return version == null ? null : version.toString();
    }
}

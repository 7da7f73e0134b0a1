package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.Rooms.Entered;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/namespaces/{ns}/keys}: listing, and deleting by prefix. */
final class KeyCalls {
    private final Store store;
    private final Rooms rooms;
    private final AuditLog audit;
    private final Time time;

    KeyCalls(Store store, Rooms rooms, AuditLog audit, Time time) {
        this.store = store;
        this.rooms = rooms;
        this.audit = audit;
        this.time = time;
    }

    void answer(Call call, String named) throws ApiError {
        switch (call.method()) {
            case "GET" -> list(call, named);
            case "DELETE" -> deleteByPrefix(call, named);
            default -> throw ApiError.method(call, "GET, DELETE");
        }
    }

    private void list(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.LIST);
        boolean values = flag(call, "values");
        if (values) {
            Access.require(room.grant(), Permission.READ, room.namespace().id());
        }
        byte[] prefix = prefix(call);
        int limit = limit(call.query().get("limit"));
        Key after = after(call.query().get("cursor"));
        switch (store.list(room.namespace().id(), prefix, after, limit)) {
            case Listing.Keys page
            when values -> answer(call, ValuePage.read(store, room.namespace().id(), page, time));
            case Listing.Keys page -> {
                ArrayNode keys = Json.array();
                page.keys().forEach(listed -> keys.add(line(listed)));
                answer(call, keys, page.next(), page.confirmed());
            }
            case Listing.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
        }
    }

    private static void answer(Call call, ValuePage page) {
        ArrayNode keys = Json.array();
        page.entries().forEach(entry -> keys.add(line(entry)));
        answer(call, keys, page.next(), page.confirmed());
    }

    private static void answer(Call call, ArrayNode keys, @Nullable Key next, boolean confirmed) {
        ObjectNode body = Json.object();
        body.set("keys", keys);
        body.put("cursor", next == null ? null : cursor(next));
        Json.answer(call, 200, body.put("confirmed", confirmed));
    }

    private static ObjectNode line(Listed listed) {
        Head head = listed.head();
        return line(listed.key(), head.version(), head.valueBytes(), head.expiration(), head.metadata());
    }

    private static ObjectNode line(ValuePage.Entry entry) {
        Record record = entry.record();
        byte[] value = record.value();
        ObjectNode line = line(entry.key(), record.version(), value.length, record.expiration(), record.metadata());
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            return line.put("value", text);
        } catch (CharacterCodingException binary) {
            return line.put("value_base64", Base64.getEncoder().encodeToString(value));
        }
    }

    private static ObjectNode line(Key key, Version version, long size, long expiration, byte[] metadata) {
        ObjectNode line = Json.object()
                .put("name", key.toString())
                .put("version", version.toString())
                .put("size", size);
        if (expiration != Record.NEVER) {
            line.put("expiration", expiration);
        }
        metadata(line, metadata);
        return line;
    }

    static void metadata(ObjectNode line, byte[] metadata) {
        if (metadata.length > 0) {
            try {
                line.set("metadata", Json.parse(metadata));
            } catch (JacksonException e) {
                // Every door checks metadata, but a record of another writer must not break the page it is on.
                line.put("metadata", new String(metadata, StandardCharsets.UTF_8));
            }
        }
    }

    private void deleteByPrefix(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        Access.require(room.grant(), Permission.LIST, room.namespace().id());
        if (call.query().get("prefix") == null) {
            throw ApiError.badRequest("no-prefix", "Say which keys to delete: ?prefix=P. An empty prefix deletes all.");
        }
        byte[] prefix = prefix(call);
        boolean dryRun = flag(call, "dry-run");
        PrefixDelete deletion = new PrefixDelete(store, room.namespace(), prefix, dryRun);
        String stopped = deletion.run();
        if (!dryRun) {
            audit.write(AuditEntry.of(
                    call,
                    room.grant(),
                    AuditEntry.Action.KEYS_DELETE_BY_PREFIX,
                    room.namespace().id() + " prefix \"" + new String(prefix, StandardCharsets.UTF_8) + "\"",
                    deletion.deleted() + " of " + deletion.matched() + " keys deleted"
                            + (stopped == null ? "" : "; stopped: " + stopped)));
        }
        ObjectNode counts = Json.object()
                .put("matched", deletion.matched())
                .put("deleted", deletion.deleted())
                .put("failed", deletion.failed());
        ArrayNode sample = counts.putArray("sample");
        deletion.sample().forEach(key -> sample.add(key.toString()));
        if (stopped != null) {
            throw new ApiError(503, "stopped", "Stopped before the end: " + stopped, counts);
        }
        Json.answer(call, 200, counts);
    }

    static byte[] prefix(Call call) throws ApiError {
        String prefix = call.query().get("prefix");
        byte[] bytes = prefix == null ? new byte[0] : prefix.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Limits.KEY_BYTES) {
            throw new ApiError(
                    414,
                    "bad-prefix",
                    "A prefix of " + bytes.length + " bytes exceeds the key length limit of " + Limits.KEY_BYTES + ".");
        }
        return bytes;
    }

    private static int limit(@Nullable String text) throws ApiError {
        try {
            int limit = text == null ? Limits.LIST_PAGE : Integer.parseInt(text);
            if (limit >= 1 && limit <= Limits.LIST_PAGE) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit(text);
        }
        throw badLimit(text);
    }

    private static ApiError badLimit(@Nullable String text) {
        return ApiError.badRequest(
                "bad-limit", "limit must be a whole number from 1 to " + Limits.LIST_PAGE + ", not \"" + text + "\".");
    }

    static boolean flag(Call call, String name) throws ApiError {
        return flag(call, name, false);
    }

    static boolean flag(Call call, String name, boolean otherwise) throws ApiError {
        String text = call.query().get(name);
        return switch (text) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiError.badRequest("bad-flag", name + " must be true or false, not \"" + text + "\".");
        };
    }

    /** A cursor is the last key of the page: it survives restarts and means the same at every provider. */
    private static String cursor(Key key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.bytes());
    }

    private static @Nullable Key after(@Nullable String cursor) throws ApiError {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return Key.of(Base64.getUrlDecoder().decode(cursor));
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-cursor", "The cursor is not one that a listing gave out.");
        }
    }
}

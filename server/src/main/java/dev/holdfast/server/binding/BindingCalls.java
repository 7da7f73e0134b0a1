package dev.holdfast.server.binding;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.NearHeaders;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.compat.BulkGet;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Cursor;
import dev.holdfast.server.compat.Expirations;
import dev.holdfast.server.compat.Json;
import dev.holdfast.server.compat.Keys;
import dev.holdfast.server.compat.Metadata;
import dev.holdfast.server.compat.Numbers;
import dev.holdfast.server.compat.Reads;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.compat.Writes;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** The operations of a KV binding. Checks go in the order that workerd's own back end keeps. */
final class BindingCalls {
    private static final String METADATA = "CF-KV-Metadata";
    private static final int BULK_GET_BODY_BYTES = 1024 * 1024;

    private final Reads reads;
    private final Writes writes;
    private final BulkGet bulkGet;
    private final Time time;

    BindingCalls(NearReads near, Duration ttl, Time time) {
        this.reads = new Reads(near, ttl);
        this.writes = new Writes(near.store(), time);
        this.bulkGet = new BulkGet(reads, time);
        this.time = time;
    }

    /** @return false when the call must not wait for what it takes; nothing has been done then */
    boolean get(Call call, Namespace namespace, String rawKey) throws Refused {
        Key key = key(call, rawKey);
        Reads.Got got =
                reads.get(call, namespace, key, BulkGet.cacheTtl(call.query().get("cache_ttl")));
        if (got == null) {
            return false;
        }
        NearHeaders.describe(call, got.near());
        Record record = got.record();
        if (record == null) {
            throw new Refused(404, Codes.KEY_NOT_FOUND, "Not Found");
        }
        if (record.metadata().length > 0) {
            call.answerHeaderUtf8(METADATA, headerSafe(record.metadata()));
        }
        if (record.expiration() != Record.NEVER) {
            call.answerHeader("CF-Expiration", Long.toString(record.expiration()));
        }
        call.respond(200, Call.BYTES, record.value());
        return true;
    }

    void put(Call call, Namespace namespace, String rawKey) throws Refused, BodyFault {
        Key key = key(call, rawKey);
        long now = Math.floorDiv(time.wallMillis(), 1000);
        long expiration = Expirations.resolve(
                call.query().get("expiration_ttl"), call.query().get("expiration"), now, Numbers.LENIENT);
        byte[] header = call.headerBytes(METADATA);
        byte[] metadata = header == null ? Metadata.NONE : Metadata.checked(header);
        writes.put(namespace, new Writes.Item(key, value(call), metadata, expiration));
        call.respond(200);
    }

    private static byte[] value(Call call) throws Refused, BodyFault {
        try {
            return call.body(Limits.VALUE_BYTES);
        } catch (BodyFault.TooLarge e) {
            throw new Refused(
                    413,
                    Codes.PAYLOAD_TOO_LARGE,
                    "Value length of " + e.length() + " exceeds limit of " + Limits.VALUE_BYTES + ".");
        }
    }

    void delete(Call call, Namespace namespace, String rawKey) throws Refused {
        writes.delete(namespace, key(call, rawKey));
        call.respond(200);
    }

    void list(Call call, Namespace namespace) throws Refused {
        int limit = limit(call);
        String prefix = call.query().get("prefix");
        byte[] prefixBytes = Keys.prefix(prefix == null ? "" : prefix);
        Key after = Cursor.parse(call.query().get("cursor"));
        Listing.Keys page = reads.list(namespace.id(), prefixBytes, after, limit);
        Key next = page.next();
        call.respond(200, "application/json", Json.bytes(json -> {
            json.writeStartObject();
            json.writeName("keys");
            json.writeStartArray();
            page.keys().forEach(listed -> write(json, listed));
            json.writeEndArray();
            json.writeBooleanProperty("list_complete", next == null);
            if (next != null) {
                json.writeStringProperty("cursor", Cursor.after(next));
            }
            json.writeEndObject();
        }));
    }

    private static void write(JsonGenerator json, Store.Listed listed) {
        json.writeStartObject();
        json.writeStringProperty("name", listed.key().toString());
        if (listed.head().expiration() != Record.NEVER) {
            json.writeNumberProperty("expiration", listed.head().expiration());
        }
        if (listed.head().metadata().length > 0) {
            // A string that holds JSON: workerd parses it once more.
            json.writeStringProperty("metadata", new String(listed.head().metadata(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
    }

    private static int limit(Call call) throws Refused {
        String raw = call.query().get("key_count_limit");
        if (raw == null) {
            return Limits.LIST_PAGE;
        }
        OptionalLong limit = Numbers.LENIENT.parse(raw);
        if (limit.isEmpty() || limit.getAsLong() < 1) {
            throw Refused.bad(
                    Codes.INVALID_LIMIT,
                    "Invalid key_count_limit of " + Numbers.print(limit)
                            + ". Please specify an integer greater than 0.");
        }
        if (limit.getAsLong() > Limits.LIST_PAGE) {
            // Less than 1000 is what Workers KV says, though 1000 is allowed.
            throw Refused.bad(
                    Codes.INVALID_LIMIT,
                    "Invalid key_count_limit of " + Numbers.print(limit) + ". Please specify an integer less than "
                            + Limits.LIST_PAGE + ".");
        }
        return (int) limit.getAsLong();
    }

    void bulkGet(Call call, Namespace namespace) throws Refused, BodyFault {
        BulkGet.Request request = BulkGet.parse(call.body(BULK_GET_BODY_BYTES));
        call.respond(200, "application/json", Json.bytes(bulkGet.answer(namespace, request, false)));
    }

    private static Key key(Call call, String raw) throws Refused {
        String encoded = call.query().get("urlencoded");
        return encoded != null && encoded.equalsIgnoreCase("true")
                ? Keys.decoded(raw)
                : Keys.of(raw.getBytes(StandardCharsets.UTF_8));
    }

    /** A delete character is legal in JSON and not in a header. */
    private static byte[] headerSafe(byte[] metadata) {
        for (byte b : metadata) {
            if (b == 0x7f) {
                String text = new String(metadata, StandardCharsets.UTF_8);
                return text.replace("\u007f", "\\u007f").getBytes(StandardCharsets.UTF_8);
            }
        }
        return metadata;
    }
}

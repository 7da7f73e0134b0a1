package dev.holdfast.server.rest;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.NearHeaders;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Cursor;
import dev.holdfast.server.compat.Expirations;
import dev.holdfast.server.compat.Keys;
import dev.holdfast.server.compat.Metadata;
import dev.holdfast.server.compat.Numbers;
import dev.holdfast.server.compat.Reads;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.compat.Writes;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Values, their metadata, and the list of keys. */
final class KeyCalls {
    private static final int LEAST_PAGE = 10;
    /** What a form may hold besides the value: metadata, the other fields clients add, and the lines between the parts. */
    private static final int FORM_BYTES = 64 * 1024;

    private final Reads reads;
    private final Writes writes;
    private final Time time;

    KeyCalls(Store store, Reads reads, Time time) {
        this.reads = reads;
        this.writes = new Writes(store, time);
        this.time = time;
    }

    /** @return false when the call must not wait for what it takes; nothing has been done then */
    boolean get(Call call, Namespace namespace, String rawKey) throws Refused {
        Reads.Got got = reads.get(call, namespace, Keys.decoded(rawKey), null);
        if (got == null) {
            return false;
        }
        NearHeaders.describe(call, got.near());
        Record record = existing(got, "get: 'key not found'");
        if (record.expiration() != Record.NEVER) {
            call.answerHeader("expiration", Long.toString(record.expiration()));
        }
        call.respond(200, Call.BYTES, record.value());
        return true;
    }

    void metadata(Call call, Namespace namespace, String rawKey) throws Refused {
        byte[] metadata = existing(reads.get(namespace, Keys.decoded(rawKey)), "metadata: 'key not found'")
                .metadata();
        String json = metadata.length == 0 ? "null" : new String(metadata, StandardCharsets.UTF_8);
        Envelope.result(call, out -> out.writeRawValue(json));
    }

    private static Record existing(Reads.Got got, String otherwise) throws Refused {
        if (got.record() == null) {
            throw new Refused(404, Codes.KEY_NOT_FOUND, otherwise);
        }
        return got.record();
    }

    void put(Call call, Namespace namespace, String rawKey) throws Refused, BodyFault {
        Key key = Keys.decoded(rawKey);
        long now = Math.floorDiv(time.wallMillis(), 1000);
        long expiration =
                Expirations.resolve(given(call, "expiration_ttl"), given(call, "expiration"), now, Numbers.STRICT);
        String contentType = call.header("Content-Type");
        Form form = contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                ? Form.parse(body(call, Limits.VALUE_BYTES + FORM_BYTES), contentType)
                : new Form(body(call, Limits.VALUE_BYTES), Metadata.NONE);
        if (form.value().length > Limits.VALUE_BYTES) {
            throw tooLarge(form.value().length);
        }
        writes.put(namespace, new Writes.Item(key, form.value(), Metadata.checked(form.metadata()), expiration));
        Envelope.done(call);
    }

    private static byte[] body(Call call, int limit) throws Refused, BodyFault {
        try {
            return call.body(limit);
        } catch (BodyFault.TooLarge e) {
            throw tooLarge(e.length());
        }
    }

    private static Refused tooLarge(long length) {
        return new Refused(
                413,
                Codes.PAYLOAD_TOO_LARGE,
                "Value length of " + length + " exceeds limit of " + Limits.VALUE_BYTES + ".");
    }

    void delete(Call call, Namespace namespace, String rawKey) throws Refused {
        writes.delete(namespace, Keys.decoded(rawKey));
        Envelope.done(call);
    }

    void list(Call call, Namespace namespace) throws Refused {
        int limit = limit(given(call, "limit"));
        String prefix = given(call, "prefix");
        Key after = Cursor.parse(call.query().get("cursor"));
        Listing.Keys page = reads.list(namespace.id(), Keys.prefix(prefix == null ? "" : prefix), after, limit);
        Key next = page.next();
        Envelope.result(
                call,
                json -> {
                    json.writeStartArray();
                    page.keys().forEach(listed -> write(json, listed));
                    json.writeEndArray();
                },
                json -> {
                    json.writeName("result_info");
                    json.writeStartObject();
                    json.writeNumberProperty("count", page.keys().size());
                    json.writeStringProperty("cursor", next == null ? "" : Cursor.after(next));
                    json.writeEndObject();
                });
    }

    private static void write(JsonGenerator json, Store.Listed listed) {
        json.writeStartObject();
        json.writeStringProperty("name", listed.key().toString());
        if (listed.head().expiration() != Record.NEVER) {
            json.writeNumberProperty("expiration", listed.head().expiration());
        }
        if (listed.head().metadata().length > 0) {
            json.writeName("metadata");
            json.writeRawValue(new String(listed.head().metadata(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
    }

    private static int limit(@Nullable String raw) throws Refused {
        if (raw == null) {
            return Limits.LIST_PAGE;
        }
        OptionalLong limit = Numbers.STRICT.parse(raw);
        if (limit.isEmpty()) {
            throw Refused.bad(Codes.INVALID_LIMIT, "limit argument must be a number");
        }
        if (limit.getAsLong() < LEAST_PAGE) {
            throw Refused.bad(Codes.INVALID_LIMIT, "limit argument must be at least " + LEAST_PAGE);
        }
        if (limit.getAsLong() > Limits.LIST_PAGE) {
            throw Refused.bad(Codes.INVALID_LIMIT, "limit argument must be at most " + Limits.LIST_PAGE);
        }
        return (int) limit.getAsLong();
    }

    /** A parameter; null when it is absent or empty, which clients use for absent. */
    private static @Nullable String given(Call call, String name) {
        String value = call.query().get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}

package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Up to a hundred values in one answer, as text or JSON. */
public final class BulkGet {
    /** Keys read at a time; values of 25 MiB are held meanwhile. */
    private static final int WIDTH = 16;

    private final Reads reads;
    private final Time time;

    public BulkGet(Reads reads, Time time) {
        this.reads = reads;
        this.time = time;
    }

    /** What is asked for, checked. */
    public record Request(List<Key> keys, boolean json, boolean withMetadata) {}

    /** A key's text, and what belongs to it. */
    private record Value(String text, Record record) {}

    /** Reads and checks a body of {@code {"keys":[…],"type"?,"withMetadata"?,"cacheTtl"?}}. */
    public static Request parse(byte[] body) throws Refused {
        List<String> names = null;
        String type = "text";
        String cacheTtl = null;
        boolean withMetadata = false;
        try (JsonParser json = Json.parser(body)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "keys" -> names = names(json, value);
                    case "type" -> type = value == JsonToken.VALUE_NULL ? type : scalar(json, value);
                    case "withMetadata" -> withMetadata = value == JsonToken.VALUE_TRUE;
                    case "cacheTtl" -> cacheTtl = value == JsonToken.VALUE_NULL ? null : scalar(json, value);
                    default -> json.skipChildren();
                }
            }
            Json.end(json);
        } catch (JacksonException e) {
            throw malformed();
        }
        if (names == null) {
            throw malformed();
        }
        return checked(names, type, withMetadata, cacheTtl);
    }

    private static Request checked(List<String> names, String type, boolean withMetadata, @Nullable String cacheTtl)
            throws Refused {
        if (!type.equals("text") && !type.equals("json")) {
            throw Refused.bad(Codes.INVALID_REQUEST, "\"" + type + "\" is not a valid type. Use \"json\" or \"text\"");
        }
        if (names.size() > Limits.BULK_GET_KEYS) {
            throw Refused.bad(Codes.INVALID_REQUEST, "You can request a maximum of " + Limits.BULK_GET_KEYS + " keys");
        }
        if (names.isEmpty()) {
            throw Refused.bad(Codes.INVALID_REQUEST, "You must request a minimum of 1 key");
        }
        LinkedHashSet<Key> keys = new LinkedHashSet<>();
        for (String name : names) {
            keys.add(Keys.of(Keys.utf8(name)));
            cacheTtl(cacheTtl);
        }
        return new Request(List.copyOf(keys), type.equals("json"), withMetadata);
    }

    /**
     * For how many seconds an answer is good enough.
     *
     * @param raw null when it was not given, and so is what is returned then
     */
    public static @Nullable Long cacheTtl(@Nullable String raw) throws Refused {
        if (raw == null) {
            return null;
        }
        OptionalLong seconds = Numbers.LENIENT.parse(raw);
        if (seconds.isEmpty() || seconds.getAsLong() < Limits.CACHE_TTL_SECONDS) {
            throw Refused.bad(
                    Codes.INVALID_REQUEST,
                    "Invalid cache_ttl of " + Numbers.print(seconds) + ". Cache TTL must be at least "
                            + Limits.CACHE_TTL_SECONDS + ".");
        }
        return seconds.getAsLong();
    }

    /**
     * Reads the values and returns what writes them: an object with a member for each key.
     *
     * @param withExpiration whether metadata comes with the expiration, as on REST v4
     */
    public Json.Content answer(Namespace namespace, Request request, boolean withExpiration) throws Refused {
        List<@Nullable Value> values = read(namespace, request);
        return json -> {
            json.writeStartObject();
            for (int i = 0; i < values.size(); i++) {
                json.writeName(request.keys.get(i).toString());
                write(json, values.get(i), request, withExpiration);
            }
            json.writeEndObject();
        };
    }

    private List<@Nullable Value> read(Namespace namespace, Request request) throws Refused {
        int count = request.keys.size();
        AtomicReferenceArray<@Nullable Value> values = new AtomicReferenceArray<>(count);
        AtomicReference<@Nullable Refused> refused = new AtomicReference<>();
        AtomicLong total = new AtomicLong();
        Fanout.each(count, WIDTH, time, i -> {
            try {
                values.set(i, read(namespace, request.keys.get(i), request.json, total));
                return true;
            } catch (Refused e) {
                refused.compareAndSet(null, e);
                return false;
            }
        });
        Refused first = refused.get();
        if (first != null) {
            throw first;
        }
        List<@Nullable Value> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(values.get(i));
        }
        return all;
    }

    private @Nullable Value read(Namespace namespace, Key key, boolean asJson, AtomicLong total) throws Refused {
        Record record = reads.get(namespace, key).record();
        if (record == null) {
            return null;
        }
        String text = new String(record.value(), StandardCharsets.UTF_8);
        if (total.addAndGet(text.length()) > Limits.VALUE_BYTES) {
            throw new Refused(413, Codes.PAYLOAD_TOO_LARGE, "Total size of request exceeds the limit of 25MB");
        }
        if (!asJson) {
            return new Value(text, record);
        }
        try {
            return Json.isNull(text) ? null : new Value(text, record);
        } catch (JacksonException e) {
            throw Refused.bad(
                    Codes.INVALID_REQUEST, "At least one of the requested keys corresponds to a non-json value");
        }
    }

    private static void write(JsonGenerator json, @Nullable Value value, Request request, boolean withExpiration) {
        if (value == null) {
            json.writeNull();
        } else if (!request.withMetadata) {
            writeText(json, value.text, request.json);
        } else {
            json.writeStartObject();
            json.writeName("value");
            writeText(json, value.text, request.json);
            json.writeName("metadata");
            byte[] metadata = value.record.metadata();
            json.writeRawValue(metadata.length == 0 ? "null" : new String(metadata, StandardCharsets.UTF_8));
            if (withExpiration && value.record.expiration() != Record.NEVER) {
                json.writeNumberProperty("expiration", value.record.expiration());
            }
            json.writeEndObject();
        }
    }

    private static void writeText(JsonGenerator json, String text, boolean asJson) {
        if (asJson) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }

    private static List<String> names(JsonParser json, JsonToken start) throws Refused {
        require(start == JsonToken.START_ARRAY);
        List<String> names = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING);
            names.add(json.getString());
        }
        return names;
    }

    private static String scalar(JsonParser json, JsonToken value) throws Refused {
        require(value.isScalarValue());
        return json.getString();
    }

    private static void require(boolean shape) throws Refused {
        if (!shape) {
            throw malformed();
        }
    }

    private static Refused malformed() {
        return Refused.bad(Codes.MALFORMED_VALUE, "the body must be a JSON object with \"keys\", an array of strings");
    }
}

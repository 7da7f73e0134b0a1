package dev.holdfast.server.rest;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Expirations;
import dev.holdfast.server.compat.Json;
import dev.holdfast.server.compat.Keys;
import dev.holdfast.server.compat.Metadata;
import dev.holdfast.server.compat.Numbers;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.compat.Writes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the bodies of bulk writes and deletes, to the end, before anything is done. */
final class BulkBody {
    private BulkBody() {}

    /** @param now seconds since the Unix epoch */
    static List<Writes.Item> items(byte[] body, long now) throws Refused {
        Map<Key, Writes.Item> items = new LinkedHashMap<>();
        int count = 0;
        try (JsonParser json = Json.parser(body)) {
            require(json.nextToken() == JsonToken.START_ARRAY, "it is no array");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                limit(++count);
                Writes.Item item = item(json, now);
                Writes.Item before = items.putIfAbsent(item.key(), item);
                if (before != null && !same(before, item)) {
                    throw Refused.bad(
                            Codes.INVALID_REQUEST,
                            "received duplicate key with different values or expiration parameters: \"" + item.key()
                                    + "\"");
                }
            }
            Json.end(json);
        } catch (JacksonException e) {
            throw malformed(e);
        }
        return List.copyOf(items.values());
    }

    static List<Key> keys(byte[] body) throws Refused {
        LinkedHashSet<Key> keys = new LinkedHashSet<>();
        int count = 0;
        try (JsonParser json = Json.parser(body)) {
            require(json.nextToken() == JsonToken.START_ARRAY, "it is no array");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                limit(++count);
                require(json.currentToken() == JsonToken.VALUE_STRING, "an element is no string");
                keys.add(Keys.of(Keys.utf8(json.getString())));
            }
            Json.end(json);
        } catch (JacksonException e) {
            throw malformed(e);
        }
        return List.copyOf(keys);
    }

    private static Writes.Item item(JsonParser json, long now) throws Refused {
        require(json.currentToken() == JsonToken.START_OBJECT, "an element is no object");
        String key = null;
        String value = null;
        String ttl = null;
        String expiration = null;
        boolean base64 = false;
        byte[] metadata = Metadata.NONE;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            switch (field) {
                case "key" -> key = string(json, token, field);
                case "value" -> value = string(json, token, field);
                case "expiration" -> expiration = number(json, token);
                case "expiration_ttl" -> ttl = number(json, token);
                case "base64" -> base64 = token == JsonToken.VALUE_TRUE;
                case "metadata" -> metadata = Metadata.checked(Json.copy(json));
                default -> json.skipChildren();
            }
        }
        if (key == null || value == null) {
            throw shape("an element lacks \"key\" or \"value\"");
        }
        byte[] bytes = base64 ? decoded(key, value) : Keys.utf8(value);
        if (bytes.length > Limits.VALUE_BYTES) {
            throw new Refused(
                    413,
                    Codes.PAYLOAD_TOO_LARGE,
                    "Value length of " + bytes.length + " exceeds limit of " + Limits.VALUE_BYTES + ".");
        }
        long expires = Expirations.resolve(ttl, expiration, now, Numbers.STRICT);
        return new Writes.Item(Keys.of(Keys.utf8(key)), bytes, metadata, expires);
    }

    private static boolean same(Writes.Item a, Writes.Item b) {
        return a.expiration() == b.expiration()
                && Arrays.equals(a.value(), b.value())
                && Arrays.equals(a.metadata(), b.metadata());
    }

    private static String string(JsonParser json, JsonToken token, String field) throws Refused {
        require(token == JsonToken.VALUE_STRING, "\"" + field + "\" is no string");
        return json.getString();
    }

    /** The number as it was written, for the text of a refusal; null for {@code null}. */
    private static @Nullable String number(JsonParser json, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        String text = token.isScalarValue() ? json.getString() : token.name();
        json.skipChildren();
        // 1.7e9 and 60.0 are whole numbers too.
        if (token == JsonToken.VALUE_NUMBER_FLOAT && json.getDoubleValue() == Math.rint(json.getDoubleValue())) {
            return Long.toString((long) json.getDoubleValue());
        }
        return token.isNumeric() ? text : "\"" + text + "\"";
    }

    private static byte[] decoded(String key, String value) throws Refused {
        try {
            return Base64.getDecoder().decode(compact(value));
        } catch (IllegalArgumentException e) {
            throw Refused.bad(Codes.MALFORMED_VALUE, "the value of \"" + key + "\" is not base64");
        }
    }

    private static byte[] compact(String base64) {
        byte[] bytes = base64.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (byte b : bytes) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                bytes[length++] = b;
            }
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private static void limit(int count) throws Refused {
        if (count > Limits.BULK_WRITE_ITEMS) {
            throw Refused.bad(
                    Codes.INVALID_REQUEST, "a bulk request can hold at most " + Limits.BULK_WRITE_ITEMS + " keys");
        }
    }

    private static void require(boolean shape, String otherwise) throws Refused {
        if (!shape) {
            throw shape(otherwise);
        }
    }

    private static Refused shape(String fault) {
        return Refused.bad(Codes.MALFORMED_VALUE, "the bulk body is not as it should be: " + fault);
    }

    private static Refused malformed(JacksonException e) {
        return Refused.bad(Codes.MALFORMED_VALUE, "the bulk body is not valid JSON: " + e.getOriginalMessage());
    }
}

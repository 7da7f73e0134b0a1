package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.server.api.ApiError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of an import, as {@link ExportLine} writes it.
 *
 * @param version {@link Version#NONE} when the line has none
 * @param replaces the only version that may be written over; {@link Version#NONE} when the key must be empty, and not deleted since
 *     {@code version}; null for whatever is there
 */
record ImportLine(
        Key key,
        Version version,
        long expiration,
        byte[] metadata,
        byte[] value,
        @Nullable Version replaces) {
    /** A value of 25 MiB is 35 million characters in base64. */
    private static final int LONGEST_STRING = 64 << 20;

    private static final byte[] NOTHING = {};
    private static final Set<String> FIELDS = Set.of(
            "key",
            "version",
            "expiration",
            "metadata",
            "metadata_text",
            "metadata_base64",
            "value",
            "value_base64",
            "replaces",
            "confirmed");
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What the key is to hold, at the line's version. */
    Record record() {
        return Record.of(version, expiration, metadata, value);
    }

    /** What is wrong with a line, as the rest of a sentence. */
    private static final class Bad extends Exception {
        private static final long serialVersionUID = 1;

        Bad(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Reads lines to the last one. A first and a last line of an export may be among them, and say nothing here.
     *
     * @throws ApiError naming the first line that is wrong
     */
    static List<ImportLine> parse(byte[] body) throws ApiError {
        List<ImportLine> lines = new ArrayList<>();
        Set<Key> seen = new HashSet<>();
        int number = 1;
        for (int begin = 0; begin < body.length; number++) {
            int end = begin;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            try {
                ImportLine line = parse(body, begin, end - begin);
                if (line != null && !seen.add(line.key())) {
                    throw new Bad("the key \"" + line.key() + "\" is there twice");
                }
                if (line != null) {
                    lines.add(line);
                }
            } catch (Bad wrong) {
                throw ApiError.badRequest("bad-line", "Line " + number + ": " + wrong.getMessage() + ".");
            }
            begin = end + 1;
        }
        return lines;
    }

    private static @Nullable ImportLine parse(byte[] body, int begin, int length) throws Bad {
        JsonNode line;
        try {
            line = MAPPER.readTree(body, begin, length);
        } catch (JacksonException e) {
            throw new Bad("it is no JSON");
        }
        if (line.isMissingNode()) {
            return null;
        }
        if (!line.isObject()) {
            throw new Bad("it is no JSON object");
        }
        if (line.has(ExportLine.HEADER)) {
            if (line.path(ExportLine.HEADER).asInt(0) != ExportLine.FORMAT) {
                throw new Bad("it is of format " + line.path(ExportLine.HEADER) + ", and this server knows "
                        + ExportLine.FORMAT);
            }
            return null;
        }
        if (line.has(ExportLine.END)) {
            return null;
        }
        for (String name : line.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw new Bad("there is no field \"" + name + "\" in an export that has values");
            }
        }
        return new ImportLine(
                key(line),
                version(line, "version"),
                expiration(line),
                metadata(line),
                value(line),
                line.has("replaces") ? version(line, "replaces") : null);
    }

    private static Key key(JsonNode line) throws Bad {
        try {
            return Key.of(text(line, "key"));
        } catch (IllegalArgumentException e) {
            throw new Bad("\"key\": " + e.getMessage());
        }
    }

    private static Version version(JsonNode line, String name) throws Bad {
        try {
            return line.has(name) ? Version.parse(text(line, name)) : Version.NONE;
        } catch (IllegalArgumentException e) {
            throw new Bad("\"" + name + "\" must be 16 hexadecimal digits");
        }
    }

    private static long expiration(JsonNode line) throws Bad {
        JsonNode expiration = line.get("expiration");
        if (expiration == null) {
            return Record.NEVER;
        }
        if (!expiration.isIntegralNumber() || !expiration.canConvertToLong() || expiration.asLong() < 1) {
            throw new Bad("\"expiration\" must be whole seconds since 1970");
        }
        return expiration.asLong();
    }

    private static byte[] metadata(JsonNode line) throws Bad {
        byte[] metadata = NOTHING;
        if (line.has("metadata_base64")) {
            metadata = base64(line, "metadata_base64");
        } else if (line.has("metadata_text")) {
            metadata = text(line, "metadata_text").getBytes(StandardCharsets.UTF_8);
        } else if (line.has("metadata")) {
            metadata = MAPPER.writeValueAsBytes(line.get("metadata"));
        }
        if (metadata.length > Limits.METADATA_BYTES) {
            throw new Bad("metadata of " + metadata.length + " bytes exceeds the limit of " + Limits.METADATA_BYTES);
        }
        return metadata;
    }

    private static byte[] value(JsonNode line) throws Bad {
        byte[] value = line.has("value_base64")
                ? base64(line, "value_base64")
                : text(line, "value").getBytes(StandardCharsets.UTF_8);
        if (value.length > Limits.VALUE_BYTES) {
            throw new Bad("a value of " + value.length + " bytes exceeds the limit of " + Limits.VALUE_BYTES);
        }
        return value;
    }

    private static String text(JsonNode line, String name) throws Bad {
        JsonNode text = line.get(name);
        if (text == null || !text.isString()) {
            throw new Bad("\"" + name + "\" must be there, and be text");
        }
        return text.asString();
    }

    private static byte[] base64(JsonNode line, String name) throws Bad {
        try {
            return Base64.getDecoder().decode(text(line, name));
        } catch (IllegalArgumentException e) {
            throw new Bad("\"" + name + "\" must be base64");
        }
    }
}

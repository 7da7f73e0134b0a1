package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.server.v1.ExportLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a key held from a version on: a line of a full backup, or a change of the archive.
 *
 * @param record what it was; null when that could not be read any more, which is what the archive says then
 */
record Line(Key key, Version version, @Nullable Record record) {
    static final String AT = "at";
    static final String NAMESPACE = "namespace";
    private static final String DELETED = "deleted";
    private static final String MISSED = "missed";
    /** A value of 25 MiB is 35 million characters in base64. */
    private static final int LONGEST_STRING = 64 << 20;

    private static final byte[] NOTHING = {};
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .build();

    /** A change for the archive. */
    static ObjectNode change(long atMillis, NamespaceId namespace, Key key, Record record) {
        ObjectNode line = begin(atMillis, namespace);
        if (record.tombstone()) {
            return line.put("key", key.toString())
                    .put("version", record.version().toString())
                    .put(DELETED, true);
        }
        line.setAll(ExportLine.of(key, record));
        return line;
    }

    /** A change of which it is not known any more what it was. */
    static ObjectNode missed(long atMillis, NamespaceId namespace, Key key, Version version, String why) {
        return begin(atMillis, namespace)
                .put("key", key.toString())
                .put("version", version.toString())
                .put(MISSED, why);
    }

    private static ObjectNode begin(long atMillis, NamespaceId namespace) {
        return MAPPER.createObjectNode().put(AT, atMillis).put(NAMESPACE, namespace.toString());
    }

    /** @throws IOException when it is no JSON object */
    static ObjectNode parse(byte[] text, int begin, int length) throws IOException {
        try {
            if (MAPPER.readTree(text, begin, length) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException damaged) {
            throw new IOException("a line is no JSON: " + damaged.getOriginalMessage(), damaged);
        }
        throw new IOException("a line is no JSON object");
    }

    /** How much memory a line takes, roughly. */
    static int size(JsonNode line) {
        int size = 0;
        for (JsonNode field : line) {
            size += field.isString() ? field.asString("").length() : Long.BYTES;
        }
        return size;
    }

    /** Whether a line only says that something was written. */
    static boolean isMissed(JsonNode line) {
        return line.has(MISSED);
    }

    /** Whether a line says that a key was deleted. */
    static boolean deletes(JsonNode line) {
        return line.path(DELETED).asBoolean(false);
    }

    static Version version(JsonNode line) throws IOException {
        try {
            return Version.parse(line.path("version").asString(""));
        } catch (IllegalArgumentException wrong) {
            throw new IOException("a line is not as it was written: " + wrong.getMessage(), wrong);
        }
    }

    /** @throws IOException when something is wrong with the line */
    static Line of(JsonNode line) throws IOException {
        try {
            Key key = key(line);
            Version version = Version.parse(line.path("version").asString(""));
            if (line.has(MISSED)) {
                return new Line(key, version, null);
            }
            if (deletes(line)) {
                return new Line(key, version, Record.tombstone(version));
            }
            long expiration = line.path("expiration").asLong(Record.NEVER);
            return new Line(key, version, Record.of(version, expiration, metadata(line), value(line)));
        } catch (IllegalArgumentException wrong) {
            throw new IOException("a line is not as it was written: " + wrong.getMessage(), wrong);
        }
    }

    static Key key(JsonNode line) throws IOException {
        try {
            return Key.of(line.path("key").asString(""));
        } catch (IllegalArgumentException wrong) {
            throw new IOException("a line is not as it was written: " + wrong.getMessage(), wrong);
        }
    }

    private static byte[] metadata(JsonNode line) {
        if (line.has("metadata_base64")) {
            return Base64.getDecoder().decode(line.path("metadata_base64").asString(""));
        }
        if (line.has("metadata_text")) {
            return line.path("metadata_text").asString("").getBytes(StandardCharsets.UTF_8);
        }
        return line.has("metadata") ? MAPPER.writeValueAsBytes(line.get("metadata")) : NOTHING;
    }

    private static byte[] value(JsonNode line) {
        return line.has("value_base64")
                ? Base64.getDecoder().decode(line.path("value_base64").asString(""))
                : line.path("value").asString("").getBytes(StandardCharsets.UTF_8);
    }
}

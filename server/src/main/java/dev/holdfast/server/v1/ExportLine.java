package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.server.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the lines of an export, as docs/portability.md has them. */
final class ExportLine {
    /** The name of the first line's first field. */
    static final String HEADER = "holdfast_export";
    /** The name of the last line's only field. */
    static final String END = "end";

    static final int FORMAT = 1;

    private ExportLine() {}

    static ObjectNode header(Namespace namespace, long beganMillis, byte[] prefix, boolean values) {
        ObjectNode line = Json.object().put(HEADER, FORMAT);
        ObjectNode of =
                line.putObject("namespace").put("id", namespace.id().toString()).put("title", namespace.title());
        if (!namespace.jurisdiction().isEmpty()) {
            of.put("jurisdiction", namespace.jurisdiction());
        }
        return line.put("began", Instant.ofEpochMilli(beganMillis).toString())
                .put("prefix", new String(prefix, StandardCharsets.UTF_8))
                .put("values", values)
                .put("tombstones", false);
    }

    static ObjectNode end(long keys, boolean confirmed, byte[] sha256) {
        ObjectNode line = Json.object();
        line.putObject(END)
                .put("keys", keys)
                .put("confirmed", confirmed)
                .put("sha256", HexFormat.of().formatHex(sha256));
        return line;
    }

    static ObjectNode error(String code, String sentence) {
        ObjectNode line = Json.object();
        line.putObject("error").put("code", code).put("message", sentence);
        return line;
    }

    static ObjectNode of(Listed listed) {
        Head head = listed.head();
        return line(listed.key(), head.version(), head.expiration(), head.metadata())
                .put("size", head.valueBytes());
    }

    static ObjectNode of(Key key, Record record) {
        ObjectNode line = line(key, record.version(), record.expiration(), record.metadata());
        byte[] value = record.value();
        String text = text(value);
        return text != null && escapes(value) <= value.length / 3
                ? line.put("value", text)
                : line.put("value_base64", Base64.getEncoder().encodeToString(value));
    }

    private static ObjectNode line(Key key, Version version, long expiration, byte[] metadata) {
        ObjectNode line = Json.object().put("key", key.toString()).put("version", version.toString());
        if (expiration != Record.NEVER) {
            line.put("expiration", expiration);
        }
        if (metadata.length > 0) {
            metadata(line, metadata);
        }
        return line;
    }

    /** As JSON where that comes back byte for byte, since a record that differs in a blank is another one at the same version. */
    private static void metadata(ObjectNode line, byte[] metadata) {
        try {
            JsonNode parsed = Json.parse(metadata);
            if (Arrays.equals(Json.bytes(parsed), metadata)) {
                line.set("metadata", parsed);
                return;
            }
        } catch (JacksonException notJson) {
            // Every door checks metadata; a record of another writer goes along as it is.
        }
        String text = text(metadata);
        if (text != null) {
            line.put("metadata_text", text);
        } else {
            line.put("metadata_base64", Base64.getEncoder().encodeToString(metadata));
        }
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    /** How many bytes JSON adds to a text: beyond a third, base64 is shorter, and the length of a line has a bound. */
    private static long escapes(byte[] utf8) {
        long more = 0;
        for (byte b : utf8) {
            if (b == '"' || b == '\\' || b == '\n' || b == '\r' || b == '\t') {
                more++;
            } else if (b >= 0 && b < ' ') {
                more += 5;
            }
        }
        return more;
    }
}

package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an import knows of a key: what it found at Workers KV, and at which version it has written that here.
 *
 * @param metadata its checksum, in hexadecimal
 * @param print of all that was there; see {@link dev.holdfast.server.workerskv.Content#print}
 * @param version here; null when the key was left alone, for somebody else had written or deleted it
 */
record Known(
        String key,
        long expiration,
        String metadata,
        String print,
        @Nullable String version) {
    /** As both sides list keys: by the bytes of their UTF-8. */
    static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    static String checksum(byte[] metadata) {
        CRC32C sum = new CRC32C();
        sum.update(metadata);
        return metadata.length == 0 ? "" : HexFormat.of().toHexDigits((int) sum.getValue());
    }

    byte[] line() {
        ObjectNode line = Json.object().put("k", key).put("p", print);
        if (expiration != 0) {
            line.put("e", expiration);
        }
        if (!metadata.isEmpty()) {
            line.put("m", metadata);
        }
        if (version != null) {
            line.put("v", version);
        }
        return Json.MAPPER.writeValueAsBytes(line);
    }

    /** @return null when the line is none of a key */
    static @Nullable Known parse(byte[] line) {
        try {
            JsonNode read = Json.MAPPER.readTree(line);
            if (!read.path("k").isString()) {
                return null;
            }
            String version = Json.text(read, "v", "");
            return new Known(
                    Json.text(read, "k", ""),
                    read.path("e").asLong(0),
                    Json.text(read, "m", ""),
                    Json.text(read, "p", ""),
                    version.isEmpty() ? null : version);
        } catch (JacksonException damaged) {
            return null;
        }
    }

    /** The same, written here at a version. */
    Known at(@Nullable String written) {
        return new Known(key, expiration, metadata, print, written);
    }
}

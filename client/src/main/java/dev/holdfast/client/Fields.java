package dev.holdfast.client;

import dev.holdfast.client.cache.Known;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What listings and changes say of a key beside its version.
 *
 * @param metadata JSON; empty for none
 * @param seconds since 1970 when it expires; {@link Known#NEVER} for never
 * @param value null when it is not there
 */
record Fields(String metadata, long seconds, byte @Nullable [] value) {

    /** @throws IllegalArgumentException when a value is no base64 */
    static Fields of(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        byte[] value = null;
        if (object.path("value").isString()) {
            value = Json.text(object, "value").getBytes(StandardCharsets.UTF_8);
        } else if (object.path("value_base64").isString()) {
            value = Base64.getDecoder().decode(Json.text(object, "value_base64"));
        }
        return new Fields(
                metadata.isMissingNode() || metadata.isNull() ? "" : Json.write(metadata),
                object.path("expiration").asLong(Known.NEVER),
                value);
    }

    @Nullable
    Instant expiration() {
        return Answers.instant(seconds);
    }
}

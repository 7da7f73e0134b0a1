package dev.holdfast.server.api;

import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the native door and the admin port read and write it: UTF-8, no field twice, nothing after the end. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** @throws JacksonException when the bytes are not one JSON value */
    public static JsonNode parse(byte[] utf8) {
        JsonNode value = MAPPER.readTree(utf8);
        if (value.isMissingNode()) {
            throw new StreamReadException("there is nothing");
        }
        return value;
    }

    /** @throws JacksonException when the text is not one JSON value */
    public static JsonNode parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** In UTF-8. */
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    public static void answer(Call call, int status, JsonNode body) {
        call.respond(status, "application/json", MAPPER.writeValueAsBytes(body));
    }
}

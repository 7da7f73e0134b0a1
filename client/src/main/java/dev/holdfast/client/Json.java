package dev.holdfast.client;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading what servers write. */
final class Json {
    /** A value of 25 MiB is 35 million characters in base64. */
    private static final int LONGEST_STRING = 64 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .build();

    private Json() {}

    static JsonNode read(byte[] bytes) throws JacksonException {
        return MAPPER.readTree(bytes);
    }

    static JsonNode read(String text) throws JacksonException {
        return MAPPER.readTree(text);
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** In ASCII only, so that it fits into a header whatever sits between here and the server. */
    static String ascii(String json) {
        try {
            return MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(MAPPER.readTree(json));
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("metadata is not JSON: " + notJson.getOriginalMessage(), notJson);
        }
    }

    /** Empty when the member is not there, null, or no text. */
    static String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        return value.isString() ? value.stringValue() : "";
    }

    static List<String> texts(JsonNode node, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : node.path(member)) {
            texts.add(each.asString(""));
        }
        return texts;
    }
}

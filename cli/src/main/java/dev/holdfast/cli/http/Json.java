package dev.holdfast.cli.http;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON reader and writer. Loaded on first use, because {@code --help} needs none of it. */
public final class Json {
    /** A value of 25 MiB is 35 million characters in base64. */
    private static final int LONGEST_STRING = 64 << 20;

    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** In ASCII only, so that it fits into a header whatever sits between here and the server. */
    public static String ascii(JsonNode node) {
        return MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(node);
    }

    /** The text of a member, or {@code otherwise} when it is not there or null. */
    public static String text(JsonNode node, String member, String otherwise) {
        JsonNode value = node.path(member);
        return value.isString() ? value.stringValue() : otherwise;
    }
}

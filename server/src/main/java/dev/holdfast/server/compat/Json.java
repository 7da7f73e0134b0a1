package dev.holdfast.server.compat;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** JSON on the compatible doors, as a stream of tokens: bodies reach 100 MB. */
public final class Json {
    /** A value of 25 MiB can take six characters for each byte; JavaScript knows no limit of depth at 1024 bytes. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(100_000_000)
                    .maxNestingDepth(2_000)
                    .build())
            .build();

    private Json() {}

    /** Writes JSON. */
    public interface Content {
        void write(JsonGenerator json);
    }

    public static byte[] bytes(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            content.write(json);
        }
        return out.toByteArray();
    }

    /** A parser over a body in UTF-8. */
    public static JsonParser parser(byte[] body) {
        return FACTORY.createParser(ObjectReadContext.empty(), body);
    }

    /**
     * Reads a text that must be one JSON value.
     *
     * @return whether it is {@code null}
     * @throws JacksonException when it is not JSON, or more than one value
     */
    public static boolean isNull(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new StreamReadException(parser, "there is nothing");
            }
            parser.skipChildren();
            end(parser);
            return first == JsonToken.VALUE_NULL;
        }
    }

    /** The value that the parser stands on, as JSON without blanks; the parser then stands at its end. */
    public static byte[] copy(JsonParser parser) {
        return bytes(json -> json.copyCurrentStructureExact(parser));
    }

    /** @throws JacksonException when something follows the value */
    public static void end(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "something follows the value");
        }
    }
}

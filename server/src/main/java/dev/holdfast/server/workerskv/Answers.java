package dev.holdfast.server.workerskv;

import dev.holdfast.server.workerskv.WorkersKvFault.Kind;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** What answers of REST API v4 mean: the envelope, and the errors in it. */
final class Answers {
    private static final int NO_KEY = 10009;
    private static final int NO_NAMESPACE = 10013;
    private static final int BAD_NAMESPACE = 10011;
    private static final int NO_ROUTE = 7003;
    private static final int BAD_CURSOR = 10041;
    private static final Set<Integer> BUSY = Set.of(971, 10022, 10046, 10429);
    /** What a decoder puts where bytes are no text. */
    private static final char REPLACEMENT = '\ufffd';

    private static final int LONGEST_STRING = 160 << 20;

    /** Numbers in metadata stay as they are written, {@code 1.50} too. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Answers() {}

    /** @return the whole envelope */
    static JsonNode success(HttpResponse<byte[]> answer) throws WorkersKvFault {
        if (answer.statusCode() / 100 != 2) {
            throw fault(answer);
        }
        JsonNode body = body(answer);
        if (!body.path("success").asBoolean(false) || !body.has("result")) {
            throw new WorkersKvFault(Kind.STRANGE, "an answer is not of REST API v4: " + beginning(answer));
        }
        return body;
    }

    private static JsonNode body(HttpResponse<byte[]> answer) {
        try {
            return MAPPER.readTree(answer.body());
        } catch (JacksonException notJson) {
            return MAPPER.createObjectNode();
        }
    }

    /** Whether it says that there is no such key. A 404 by itself does not: proxies and wrong addresses answer so, too. */
    static boolean noKey(HttpResponse<byte[]> answer) {
        return answer.statusCode() == 404
                && body(answer).path("errors").path(0).path("code").asInt(0) == NO_KEY;
    }

    static WorkersKvFault fault(HttpResponse<byte[]> answer) {
        JsonNode error = body(answer).path("errors").path(0);
        int code = error.path("code").asInt(0);
        String said = error.path("message").asString("");
        String sentence = "status " + answer.statusCode() + (code == 0 ? "" : ", error " + code)
                + (said.isEmpty() ? "" : ": " + said);
        long retry =
                answer.headers().firstValue("retry-after").map(Answers::seconds).orElse(0L);
        return new WorkersKvFault(kind(answer.statusCode(), code), sentence, retry, null);
    }

    private static Kind kind(int status, int code) {
        if (status == 429 || BUSY.contains(code)) {
            return Kind.BUSY;
        }
        if (status >= 500 || status == 408) {
            return Kind.AWAY;
        }
        if (status == 401 || status == 403 || code == 9106 || code == 6003 || code == 10000) {
            return Kind.DENIED;
        }
        if (status == 413) {
            return Kind.TOO_LARGE;
        }
        return switch (code) {
            case NO_NAMESPACE, BAD_NAMESPACE, NO_ROUTE -> Kind.NO_NAMESPACE;
            case BAD_CURSOR -> Kind.BAD_CURSOR;
            default -> Kind.STRANGE;
        };
    }

    /** @return null when it is not there, or came altered */
    static @Nullable Content text(JsonNode held) {
        JsonNode value = held.path("value");
        if (!value.isString() || value.stringValue().indexOf(REPLACEMENT) >= 0) {
            return null;
        }
        return new Content(
                value.stringValue().getBytes(StandardCharsets.UTF_8),
                metadata(held.path("metadata")),
                held.path("expiration").asLong(0));
    }

    static byte[] metadata(JsonNode metadata) {
        return metadata.isMissingNode() || metadata.isNull() ? new byte[0] : MAPPER.writeValueAsBytes(metadata);
    }

    static long seconds(String header) {
        try {
            return Math.max(0, Long.parseLong(header.strip()));
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private static String beginning(HttpResponse<byte[]> answer) {
        byte[] body = answer.body();
        return new String(body, 0, Math.min(body.length, 100), StandardCharsets.UTF_8).strip();
    }
}

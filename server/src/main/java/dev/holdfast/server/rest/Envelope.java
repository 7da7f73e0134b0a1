package dev.holdfast.server.rest;

import dev.holdfast.server.compat.Json;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/** The form of every answer but a value. */
final class Envelope {
    private static final String JSON = "application/json";
    private static final byte[] DONE =
            "{\"result\":null,\"success\":true,\"errors\":[],\"messages\":[]}".getBytes(StandardCharsets.UTF_8);

    private Envelope() {}

    /** Success with nothing to say. */
    static void done(Call call) {
        call.respond(200, JSON, DONE);
    }

    static void result(Call call, Json.Content result) {
        result(call, result, _ -> {});
    }

    /** @param info writes the member {@code result_info}, or nothing */
    static void result(Call call, Json.Content result, Json.Content info) {
        call.respond(200, JSON, Json.bytes(json -> {
            json.writeStartObject();
            json.writeName("result");
            result.write(json);
            json.writeBooleanProperty("success", true);
            none(json, "errors");
            none(json, "messages");
            info.write(json);
            json.writeEndObject();
        }));
    }

    static void error(Call call, Refused refused) {
        error(call, refused, JsonGenerator::writeNull, _ -> {});
    }

    /**
     * @param result what is true in spite of the error
     * @param detail further members of the error
     */
    static void error(Call call, Refused refused, Json.Content result, Json.Content detail) {
        refused.retryAfter(call);
        call.respond(refused.status(), JSON, Json.bytes(json -> {
            json.writeStartObject();
            json.writeName("result");
            result.write(json);
            json.writeBooleanProperty("success", false);
            json.writeName("errors");
            json.writeStartArray();
            json.writeStartObject();
            json.writeNumberProperty("code", refused.code());
            json.writeStringProperty("message", refused.text());
            detail.write(json);
            json.writeEndObject();
            json.writeEndArray();
            none(json, "messages");
            json.writeEndObject();
        }));
    }

    private static void none(JsonGenerator json, String name) {
        json.writeName(name);
        json.writeStartArray();
        json.writeEndArray();
    }
}

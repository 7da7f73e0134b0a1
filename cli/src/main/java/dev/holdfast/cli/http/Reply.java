package dev.holdfast.cli.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a server answered.
 *
 * @param headers by name in lower case, the first value of each
 */
public record Reply(int status, Map<String, String> headers, byte[] body) {

    /** What went wrong, in the server's words. */
    public record Problem(String code, String message, String request) {}

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** @param name in lower case */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** A header of ours that carries UTF-8, which HTTP libraries read as ISO 8859-1. */
    public Optional<String> utf8Header(String name) {
        return header(name).map(raw -> new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    public OptionalLong numberHeader(String name) {
        try {
            return header(name)
                    .map(text -> OptionalLong.of(Long.parseLong(text)))
                    .orElse(OptionalLong.empty());
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /** @throws Failure when the body is not JSON */
    public JsonNode json() {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JacksonException notJson) {
            throw new Failure(
                    Failure.FAILED,
                    "The answer (status " + status + ") is not JSON; is this a Holdfast server? It begins with: "
                            + beginning(),
                    notJson);
        }
    }

    /** The error in the body, in the native form or in REST v4's; for a body without one, the status stands in. */
    public Problem problem() {
        String request = header("holdfast-request").orElse("");
        try {
            JsonNode body = Json.MAPPER.readTree(this.body);
            JsonNode error = body.path("error").isObject()
                    ? body.path("error")
                    : body.path("errors").path(0);
            String code = error.path("code").isNumber()
                    ? error.path("code").asString("")
                    : Json.text(error, "code", "status-" + status);
            String message = Json.text(error, "message", "The server answered with status " + status + ".");
            return new Problem(code, message, Json.text(error, "request", request));
        } catch (JacksonException _) {
            String said = body.length == 0 ? "" : " and said: " + beginning();
            return new Problem("status-" + status, "The server answered with status " + status + said + ".", request);
        }
    }

    private String beginning() {
        String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
        return text.strip();
    }
}

package dev.holdfast.client;

import dev.holdfast.client.HoldfastException.ConditionFailed;
import dev.holdfast.client.HoldfastException.Refused;
import dev.holdfast.client.HoldfastException.Unavailable;
import dev.holdfast.client.HoldfastException.UnknownOutcome;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.TransportFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What an answer that is no success means for the one who asked. */
final class Failures {
    private static final int LONGEST_QUOTE = 200;

    private Failures() {}

    /** What the server said, in its words. */
    private record Said(
            String code,
            String message,
            String request,
            @Nullable Version current) {
        static Said by(Response<byte[]> response) {
            String request = response.header("Holdfast-Request").orElse("");
            int status = response.status();
            try {
                JsonNode body = Json.read(response.body());
                String code = Json.text(body.path("error"), "code");
                if (!code.isEmpty()) {
                    String current = Json.text(body, "current");
                    return new Said(
                            code,
                            Json.text(body.path("error"), "message"),
                            request,
                            current.isEmpty() ? null : new Version(current));
                }
            } catch (JacksonException | IllegalArgumentException _) {
                // Not in our form: something between here and the server.
            }
            String quote = new String(
                            response.body(), 0, Math.min(response.body().length, LONGEST_QUOTE), StandardCharsets.UTF_8)
                    .strip();
            return new Said(
                    "status-" + status,
                    response.endpoint() + " answered with status " + status + (quote.isEmpty() ? "" : ": " + quote),
                    request,
                    null);
        }
    }

    /** The server's code for it, such as {@code key-not-found}. */
    static String code(Response<byte[]> response) {
        return Said.by(response).code();
    }

    static HoldfastException ofRead(Response<byte[]> response) {
        Said said = Said.by(response);
        boolean later = response.status() >= 500 || response.status() == 429;
        return later ? unavailable(said, response) : refused(said, response);
    }

    static HoldfastException ofWrite(Response<byte[]> response) {
        Said said = Said.by(response);
        return switch (response.status()) {
            case 412 -> new ConditionFailed(said.message(), said.code(), said.request(), said.current());
            case 429, 503 -> unavailable(said, response);
            default ->
                // A success that is not 200 is none that the API knows.
                response.status() >= 300 && response.status() < 500
                        ? refused(said, response)
                        : new UnknownOutcome(said.message(), said.code(), said.request(), null);
        };
    }

    private static Refused refused(Said said, Response<byte[]> response) {
        return new Refused(said.message(), said.code(), said.request(), response.status());
    }

    private static Unavailable unavailable(Said said, Response<byte[]> response) {
        var seconds = response.numberHeader("Retry-After");
        return new Unavailable(
                said.message(),
                said.code(),
                said.request(),
                seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : null,
                null);
    }

    static Unavailable ofRead(TransportFailure failure) {
        return new Unavailable("The read failed: " + failure.getMessage(), code(failure), "", null, failure);
    }

    static Unavailable ofReadInterrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new Unavailable("Interrupted while waiting for an answer.", "interrupted", "", null, interrupted);
    }

    static HoldfastException ofWrite(TransportFailure failure) {
        return switch (failure) {
            case TransportFailure.Unreachable _ ->
                new Unavailable("Nothing was written: " + failure.getMessage(), code(failure), "", null, failure);
            case TransportFailure.Late _, TransportFailure.Broken _ ->
                new UnknownOutcome("The write may have happened: " + failure.getMessage(), code(failure), "", failure);
        };
    }

    private static String code(TransportFailure failure) {
        return switch (failure) {
            case TransportFailure.Unreachable _ -> "unreachable";
            case TransportFailure.Late _ -> "late";
            case TransportFailure.Broken _ -> "broken";
        };
    }

    /** An answer that calls itself a success and can't be understood. */
    static HoldfastException notUnderstood(Response<?> response, boolean written, RuntimeException cause) {
        String message = "The answer of " + response.endpoint() + " is not that of a Holdfast server.";
        String request = response.header("Holdfast-Request").orElse("");
        return written
                ? new UnknownOutcome(message, "bad-answer", request, cause)
                : new Unavailable(message, "bad-answer", request, null, cause);
    }
}

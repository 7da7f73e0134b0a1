package dev.holdfast.server.api;

import dev.holdfast.server.http.Call;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A request that is not answered with what it asked for: a status, a code for programs, a sentence for people. */
public final class ApiError extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final int retrySeconds;
    private final transient @Nullable ObjectNode beside;

    public ApiError(int status, String code, String sentence) {
        this(status, code, sentence, null);
    }

    /** @param beside fields that stand beside {@code error} in the answer */
    public ApiError(int status, String code, String sentence, @Nullable ObjectNode beside) {
        this(status, code, sentence, beside, 1);
    }

    /** Nothing has been done; the same may be tried again after {@code retrySeconds}. */
    public static ApiError unavailable(String code, String sentence, int retrySeconds) {
        return new ApiError(503, code, sentence, null, retrySeconds);
    }

    /** Like {@link #unavailable}, of one who asks for more than may be had. */
    public static ApiError tooMany(String code, String sentence, int retrySeconds) {
        return new ApiError(429, code, sentence, null, retrySeconds);
    }

    private ApiError(int status, String code, String sentence, @Nullable ObjectNode beside, int retrySeconds) {
        super(sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.beside = beside;
        this.retrySeconds = retrySeconds;
    }

    /** The error of a call that failed outside the protocol's own rules. */
    public static ApiError outside(int status, String sentence) {
        String code = switch (status) {
            case 400 -> "bad-request";
            case 408 -> "too-slow";
            case 413 -> "too-large";
            case 503 -> "busy";
            default -> "internal";
        };
        return new ApiError(status, code, sentence);
    }

    public static ApiError notFound() {
        return new ApiError(404, "not-found", "There is nothing at this path.");
    }

    public static ApiError badRequest(String code, String sentence) {
        return new ApiError(400, code, sentence);
    }

    /** Answers a wrong method, naming the right ones. */
    public static ApiError method(Call call, String allowed) {
        call.answerHeader("Allow", allowed);
        return new ApiError(405, "method-not-allowed", "This path answers " + allowed + ", not " + call.method() + ".");
    }

    /** Whether it can be told at once, on the thread of the connection: who asks too often must not cost more than who does not. */
    public boolean cheap() {
        return status == 429;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public void answer(Call call) {
        ObjectNode body = Json.object();
        body.putObject("error").put("code", code).put("message", getMessage()).put("request", call.id());
        if (beside != null) {
            body.setAll(beside);
        }
        if (status == 401) {
            call.answerHeader("WWW-Authenticate", "Bearer");
        }
        if (status == 429 || status == 503) {
            call.answerHeader("Retry-After", Integer.toString(retrySeconds));
        }
        Json.answer(call, status, body);
    }
}

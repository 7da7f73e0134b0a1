package dev.holdfast.server.v1;

import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.http.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /v1/openapi.json}: the description of every API, for programs. It is no secret, so that it needs no token. */
final class Description {
    private static final byte[] JSON = read();

    private Description() {}

    private static byte[] read() {
        try (InputStream in = Description.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void answer(Call call) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
        call.respond(200, "application/json", JSON);
    }
}

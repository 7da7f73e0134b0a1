package dev.holdfast.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Single requests around the measurements: preparing, looking, and drills. Thread-safe. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String token;

    /** @param token sent with every request; empty for none */
    Client(String token) {
        this.token = token;
    }

    HttpResponse<byte[]> send(String method, int port, String target, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** @throws IOException when the answer is no success */
    HttpResponse<byte[]> require(String method, int port, String target, String body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(method, port, target, body);
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + target + " was answered with " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response;
    }

    /** Something to wait for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits until the condition holds; a server that does not listen yet is one that does not hold. */
    static void await(Child server, String what, Duration patience, Condition condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ConnectException e) {
                // Not yet.
            }
            if (!server.alive()) {
                throw server.failure("ended");
            }
            if (System.nanoTime() - deadline > 0) {
                throw server.failure("did not come to " + what + " within " + patience.toSeconds() + " s");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single requests around the measurements: preparing, looking, and drills. Thread-safe. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 20;

    private final HttpClient http;
    private final String scheme;
    private final String token;

    /**
     * @param token sent with every request; empty for none
     * @param tls null for servers that do not encrypt
     */
    Client(String token, @Nullable Tls tls) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        this.http = (tls == null ? builder : builder.sslContext(tls.context())).build();
        this.scheme = tls == null ? "http" : "https";
        this.token = token;
    }

    /** What URLs of a server begin with. */
    String base(int port) {
        return scheme + "://127.0.0.1:" + port;
    }

    /** Sends a request that brings its own token, if any. */
    HttpResponse<byte[]> send(int port, Ask ask) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base(port) + ask.target()))
                .timeout(PATIENCE)
                .method(ask.method(), body(ask.body()));
        ask.headers().forEach(header -> request.header(header.name(), header.value()));
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.BodyPublisher body(String body) {
        return body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    }

    HttpResponse<byte[]> send(String method, int port, String target, String body)
            throws IOException, InterruptedException {
        List<Header> headers = token.isEmpty() ? List.of() : List.of(new Header("Authorization", "Bearer " + token));
        return send(port, new Ask(method, target, headers, body));
    }

    /** @throws IOException when the answer is no success */
    HttpResponse<byte[]> require(String method, int port, String target, String body)
            throws IOException, InterruptedException {
        return success(method + " " + target, send(method, port, target, body));
    }

    /** @throws IOException when the answer is no success */
    HttpResponse<byte[]> require(int port, Ask ask) throws IOException, InterruptedException {
        return success(ask.method() + " " + ask.target(), send(port, ask));
    }

    private static HttpResponse<byte[]> success(String what, HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            throw new IOException(what + " was answered with " + response.statusCode() + ": "
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

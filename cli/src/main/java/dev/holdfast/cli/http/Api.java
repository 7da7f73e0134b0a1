package dev.holdfast.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One port of a server. Every call blocks for at most its deadline. Connections are kept and used again, as many as there
 * are calls at once. Thread-safe.
 */
public final class Api implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final URI base;
    private final String token;
    private final String tokenSource;
    private final Duration deadline;

    /**
     * @param base such as {@code http://127.0.0.1:4653}
     * @param token empty for none
     * @param tokenSource where the token came from, for messages
     * @param deadline for each call
     */
    public Api(URI base, String token, String tokenSource, Duration deadline, @Nullable SSLContext trust) {
        this.base = base;
        this.token = token;
        this.tokenSource = tokenSource;
        this.deadline = deadline;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        if (trust != null) {
            builder.sslContext(trust);
        }
        this.client = builder.build();
    }

    public URI base() {
        return base;
    }

    public Reply get(String path) {
        return call("GET", path, Map.of(), BodyPublishers.noBody());
    }

    public Reply delete(String path) {
        return call("DELETE", path, Map.of(), BodyPublishers.noBody());
    }

    public Reply send(String method, String path, JsonNode body) {
        return call(
                method,
                path,
                Map.of("Content-Type", "application/json"),
                BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body)));
    }

    /**
     * Sends and waits, whatever the status.
     *
     * @throws Failure when no whole answer came
     */
    public Reply call(String method, String path, Map<String, String> headers, BodyPublisher body) {
        return reached(() -> exchange(method, path, headers, body));
    }

    /** Something that may not come to an end. */
    private interface Exchange<T> {
        T make() throws IOException, InterruptedException;
    }

    private <T> T reached(Exchange<T> exchange) {
        try {
            return exchange.make();
        } catch (HttpConnectTimeoutException | ConnectException unreachable) {
            throw notReachable(unreachable);
        } catch (HttpTimeoutException late) {
            throw new Failure(
                    Failure.NOT_REACHABLE,
                    "The server at " + base + " took the connection and did not answer within " + deadline.toSeconds()
                            + " s. A write may have happened.",
                    late);
        } catch (IOException broken) {
            throw new Failure(
                    Failure.NOT_REACHABLE,
                    "The connection to " + base + " broke: " + reason(broken) + ". A write may have happened.",
                    broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted while waiting for " + base + ".", stopped);
        }
    }

    /** As {@link #call}, with the errors as they come, for those that count them. */
    public Reply exchange(String method, String path, Map<String, String> headers, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request(method, path, headers, body), BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), first(response), response.body());
    }

    /**
     * A stream of events, or why there is none.
     *
     * @param events null when the server refused
     */
    public record Opened(@Nullable EventStream events, Reply reply) {}

    /**
     * Opens a stream of events.
     *
     * @throws Failure when no answer came
     */
    public Opened open(String path, Map<String, String> headers) {
        return reached(() -> {
            HttpResponse<InputStream> response =
                    client.send(request("GET", path, headers, BodyPublishers.noBody()), BodyHandlers.ofInputStream());
            Map<String, String> first = first(response);
            if (response.statusCode() == 200) {
                return new Opened(new EventStream(response.body()), new Reply(200, first, new byte[0]));
            }
            try (InputStream body = response.body()) {
                return new Opened(null, new Reply(response.statusCode(), first, body.readAllBytes()));
            }
        });
    }

    private HttpRequest request(String method, String path, Map<String, String> headers, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(deadline)
                .method(method, body);
        headers.forEach(request::setHeader);
        if (!token.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private static Map<String, String> first(HttpResponse<?> response) {
        Map<String, String> first = HashMap.newHashMap(16);
        for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
            first.put(
                    header.getKey().toLowerCase(java.util.Locale.ROOT),
                    header.getValue().getFirst());
        }
        return first;
    }

    /** @return {@code reply}, when it is a success; @throws Failure with the server's reason when it is not */
    public Reply require(Reply reply) {
        if (reply.ok()) {
            return reply;
        }
        Reply.Problem problem = reply.problem();
        String message =
                problem.message() + (problem.request().isEmpty() ? "" : " (request " + problem.request() + ")");
        throw new Failure(
                Failure.FAILED,
                switch (reply.status()) {
                    case 401 ->
                        message + "\nThe token came from " + tokenSource
                                + ". If it is lost or revoked: holdfast token reset-admin --help";
                    case 403 -> message + "\nThe token came from " + tokenSource + ".";
                    default -> message;
                });
    }

    private Failure notReachable(IOException cause) {
        return new Failure(
                Failure.NOT_REACHABLE,
                "No server answers at " + base + "; start one with ./holdfast server"
                        + " (or say where it is: --url and --admin, or HOLDFAST_URL and HOLDFAST_ADMIN)",
                cause);
    }

    private static String reason(IOException broken) {
        String message = broken.getMessage();
        return message == null ? broken.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

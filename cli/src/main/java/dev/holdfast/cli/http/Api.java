package dev.holdfast.cli.http;

import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.EventStream;
import dev.holdfast.client.transport.Repeat;
import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.Time;
import dev.holdfast.client.transport.Transport;
import dev.holdfast.client.transport.TransportFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One port of a server. Every call blocks for at most its deadline, and is sent once: a person who reads the message decides
 * whether to try again. Thread-safe.
 */
public final class Api implements AutoCloseable {
    /** A server tells at least this often that there is nothing to tell. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Transport transport;
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
        this.transport = new Transport(
                new Transport.Config(List.of(base), HttpClient.Version.HTTP_1_1, trust, CONNECT), Time.system());
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
        } catch (TransportFailure failure) {
            throw new Failure(Failure.NOT_REACHABLE, sentence(failure), failure);
        } catch (IOException broken) {
            throw new Failure(
                    Failure.NOT_REACHABLE, "The connection to " + base + " broke: " + broken.getMessage(), broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted while waiting for " + base + ".", stopped);
        }
    }

    private String sentence(TransportFailure failure) {
        return switch (failure) {
            case TransportFailure.Unreachable _ ->
                "No server answers at " + base + "; start one with ./holdfast server"
                        + " (or say where it is: --url and --admin, or HOLDFAST_URL and HOLDFAST_ADMIN)";
            case TransportFailure.Late _ ->
                "The server at " + base + " took the connection and did not answer within " + deadline.toSeconds()
                        + " s. A write may have happened.";
            case TransportFailure.Broken broken ->
                "The connection to " + base + " broke: " + broken.reason() + ". A write may have happened.";
        };
    }

    /** As {@link #call}, with the errors as they come, for those that count them. */
    public Reply exchange(String method, String path, Map<String, String> headers, BodyPublisher body)
            throws TransportFailure, InterruptedException {
        Response<byte[]> response =
                transport.send(request(method, path, headers, body), Deadline.after(transport.time(), deadline));
        return new Reply(response.status(), first(response), response.body());
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
            Response<InputStream> response = transport.open(
                    request("GET", path, headers, BodyPublishers.noBody()), Deadline.after(transport.time(), deadline));
            Map<String, String> first = first(response);
            if (response.status() == 200) {
                EventStream events = new EventStream(response.body(), SILENCE, transport.time());
                return new Opened(events, new Reply(200, first, new byte[0]));
            }
            try (InputStream body = response.body()) {
                return new Opened(null, new Reply(response.status(), first, body.readAllBytes()));
            }
        });
    }

    /**
     * An answer that is read as it comes, or why there is none.
     *
     * @param body for the caller to close; null when the server refused
     */
    public record Download(@Nullable InputStream body, Reply reply) {}

    /**
     * Begins an answer that may be long.
     *
     * @throws TransportFailure when none began
     */
    public Download download(String path, Map<String, String> headers) throws IOException, InterruptedException {
        Response<InputStream> response = transport.open(
                request("GET", path, headers, BodyPublishers.noBody()), Deadline.after(transport.time(), deadline));
        Map<String, String> first = first(response);
        if (response.status() == 200) {
            return new Download(response.body(), new Reply(200, first, new byte[0]));
        }
        try (InputStream body = response.body()) {
            return new Download(null, new Reply(response.status(), first, body.readAllBytes()));
        }
    }

    private Request request(String method, String path, Map<String, String> headers, BodyPublisher body) {
        Request request = new Request(method, path, headers, body, Repeat.NEVER);
        return token.isEmpty() ? request : request.with("Authorization", "Bearer " + token);
    }

    private static Map<String, String> first(Response<?> response) {
        Map<String, String> first = HashMap.newHashMap(16);
        response.headers().map().forEach((name, values) -> first.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
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

    @Override
    public void close() {
        transport.close();
    }
}

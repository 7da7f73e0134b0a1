package dev.holdfast.server.webhook;

import dev.holdfast.engine.incident.notice.Messenger;
import dev.holdfast.engine.incident.notice.Notice;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.config.WebhookConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Posts notices to the address that the operator has configured, and to no other: redirects are not followed, and nothing that a receiver
 * answers is read but its status. Thread-safe.
 */
final class HttpMessenger implements Messenger, AutoCloseable {
    /** The receiver does not want this body, and would not want it again. */
    private static final Set<Integer> HOPELESS = Set.of(400, 413, 415, 422);

    private final WebhookConfig config;
    private final URI url;
    private final Body body;
    private final Time time;
    private final HttpClient http;

    HttpMessenger(WebhookConfig config, URI url, Body body, Time time) {
        this.config = config;
        this.url = url;
        this.body = body;
        this.time = time;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.timeout())
                .build();
    }

    @Override
    public void deliver(Notice notice) throws Undelivered, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(config.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "holdfast")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body.of(notice, time.wallMillis()))));
        if (config.token().isPresent()) {
            request.header("Authorization", "Bearer " + token(config.token().get()));
        }
        int status = status(request.build());
        if (status / 100 != 2) {
            String more = status / 100 == 3 ? ", a redirect, which is not followed" : "";
            throw new Undelivered(config.shown() + " answered with status " + status + more, HOPELESS.contains(status));
        }
    }

    private int status(HttpRequest request) throws Undelivered, InterruptedException {
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            // Its body may have no end; nobody needs it.
            response.body().close();
            return response.statusCode();
        } catch (HttpTimeoutException late) {
            throw new Undelivered(config.shown() + " did not answer within " + text(config.timeout()), false);
        } catch (ConnectException refused) {
            throw new Undelivered(config.shown() + " takes no connection", false);
        } catch (IOException broken) {
            throw new Undelivered(
                    "the connection to " + config.shown() + " broke ("
                            + broken.getClass().getSimpleName() + ")",
                    false);
        }
    }

    private static String text(Duration timeout) {
        return timeout.toMillis() + " ms";
    }

    private static String token(Path file) throws Undelivered {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new Undelivered("the token in " + file + " cannot be read", false);
        }
        if (token.isEmpty() || !token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new Undelivered("what is in " + file + " is no bearer token", false);
        }
        return token;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

package dev.holdfast.server.v1;

import dev.holdfast.server.main.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stream of server-sent events on a thread of its own. */
final class EventReader implements AutoCloseable {
    private static final Event END = new Event("", "over", "");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;

    record Event(String id, String kind, String data) {
        JsonNode json() {
            return new JsonMapper().readTree(data);
        }
    }

    EventReader(RunningServer server, String token, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.dataPort() + path))
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        Thread.startVirtualThread(this::read);
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String kind = "";
            String data = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    events.add(new Event(id, kind, data));
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    kind = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            events.add(END);
        } catch (IOException e) {
            events.add(END);
        }
    }

    /** The next event of whatever kind. */
    Event any() throws InterruptedException {
        @Nullable Event next = events.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no event came");
        }
        return next;
    }

    /** The next event that is no heartbeat. */
    Event next() throws InterruptedException {
        Event next = any();
        while (next.kind().equals("heartbeat")) {
            next = any();
        }
        return next;
    }

    @Override
    public void close() {
        client.shutdownNow();
        try {
            client.awaitTermination(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

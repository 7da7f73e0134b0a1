package dev.holdfast.integration.workerskv;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Passes requests on to a server's REST door, but for those that it answers as a Cloudflare in trouble does. Thread-safe. */
final class FaultyApi implements AutoCloseable {
    private final HttpServer http;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger every = new AtomicInteger();
    private volatile @Nullable Answer trouble;

    /** An answer of its own. */
    record Answer(int status, int code, String message, int retryAfter) {
        static final Answer TOO_MANY = new Answer(429, 10429, "Rate limited. Please wait.", 1);
        static final Answer DENIED = new Answer(403, 10000, "Authentication error", 0);
        static final Answer BROKEN = new Answer(502, 0, "", 0);
        static final Answer NO_ROUTE = new Answer(404, 7003, "Could not route", 0);
    }

    FaultyApi(URI server) throws IOException {
        this.server = server;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/client/v4";
    }

    /** Every so many requests are answered so; all with 1, none with 0. */
    void trouble(Answer answer, int everySoMany) {
        trouble = answer;
        every.set(everySoMany);
    }

    void mend() {
        every.set(0);
    }

    long requests() {
        return requests.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            long number = requests.incrementAndGet();
            Answer answer = trouble;
            int often = every.get();
            if (answer != null && often > 0 && number % often == 0) {
                byte[] text = ("{\"result\":null,\"success\":false,\"errors\":[{\"code\":" + answer.code()
                                + ",\"message\":\"" + answer.message() + "\"}],\"messages\":[]}")
                        .getBytes(StandardCharsets.UTF_8);
                if (answer.retryAfter() > 0) {
                    exchange.getResponseHeaders().add("Retry-After", Integer.toString(answer.retryAfter()));
                }
                exchange.sendResponseHeaders(answer.status(), text.length);
                exchange.getResponseBody().write(text);
                return;
            }
            pass(exchange, body);
        }
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        URI asked = exchange.getRequestURI();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + asked.getRawPath() + query))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String header : List.of("Authorization", "Content-Type")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            for (String header : List.of("expiration", "retry-after", "content-type")) {
                response.headers()
                        .firstValue(header)
                        .ifPresent(value -> exchange.getResponseHeaders().add(header, value));
            }
            exchange.sendResponseHeaders(
                    response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        http.stop(0);
        client.shutdownNow();
    }
}

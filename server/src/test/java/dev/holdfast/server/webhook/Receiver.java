package dev.holdfast.server.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who is told over HTTP, and who can be told to behave badly. */
public final class Receiver implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    public final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    public volatile int status = 200;
    /** Whether the head of the answer never comes. */
    public volatile boolean silent;

    /** Whether the body of the answer never ends. */
    public volatile boolean endless;

    /** What was received. */
    public record Got(String path, @Nullable String authorization, JsonNode body) {}

    public Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            got.add(new Got(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    JSON.readTree(body)));
            if (silent) {
                closed.await();
                return;
            }
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            }
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write("what nobody reads".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            if (endless) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

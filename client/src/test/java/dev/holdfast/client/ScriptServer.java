package dev.holdfast.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A small real HTTP server that answers what the test tells it to. */
public final class ScriptServer implements AutoCloseable {
    /** What one request was. */
    public record Seen(String method, String path, Map<String, String> headers, String body) {
        /** Empty when there is none. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    /** What to answer; sent once {@code gate} is open. */
    public record Reply(int status, String body, Map<String, String> headers, CountDownLatch gate) {
        public static Reply of(int status, String body) {
            return new Reply(status, body, Map.of(), new CountDownLatch(0));
        }

        public static Reply error(int status, String code) {
            return of(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"It is so.\",\"request\":\"r1\"}}");
        }

        /** Also gives the headers {@code name, value, name, value…} */
        public Reply with(String... more) {
            Map<String, String> all = new java.util.HashMap<>(headers);
            for (int i = 0; i < more.length; i += 2) {
                all.put(more[i], more[i + 1]);
            }
            return new Reply(status, body, all, gate);
        }

        public Reply after(CountDownLatch opened) {
            return new Reply(status, body, headers, opened);
        }
    }

    /** Answers a request. */
    public interface Script {
        Reply answer(Seen seen) throws Exception;
    }

    /** Answers with a stream of its own. */
    public interface StreamScript {
        void write(Seen seen, java.io.OutputStream out) throws Exception;
    }

    private final HttpServer server;
    private final LinkedBlockingQueue<Seen> arrivals = new LinkedBlockingQueue<>();
    private final List<Seen> seen = new ArrayList<>();
    private volatile Script script = request -> Reply.of(200, "ok");
    private volatile boolean watchable = true;
    private volatile StreamScript stream = (request, out) -> {};

    public ScriptServer() throws IOException {
        this(0);
    }

    public ScriptServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public ScriptServer answers(Script next) {
        script = next;
        return this;
    }

    /** What {@code …/watch} answers with. */
    public ScriptServer streams(StreamScript next) {
        stream = next;
        return this;
    }

    /** {@code …/watch} is answered as everything else is. */
    public void noWatch() {
        watchable = false;
    }

    /** The next request that has not been taken yet; waits for it. */
    public Seen arrival() throws InterruptedException {
        Seen next = arrivals.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    public synchronized int count() {
        return seen.size();
    }

    public synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new java.util.HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        Seen request = new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        synchronized (this) {
            seen.add(request);
        }
        arrivals.add(request);
        try (exchange) {
            if (watchable && exchange.getRequestURI().getPath().endsWith("/watch")) {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                stream.write(request, exchange.getResponseBody());
                return;
            }
            Reply reply = script.answer(request);
            reply.gate.await();
            reply.headers.forEach(exchange.getResponseHeaders()::set);
            byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
            boolean none = body.length == 0 || reply.status == 304 || request.method.equals("HEAD");
            exchange.sendResponseHeaders(reply.status, none ? -1 : body.length);
            if (!none) {
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            throw gone;
        } catch (Exception broken) {
            throw new IOException(broken);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a node says of its providers and of where keys lie, data and admin on one port: providers come and go as they are told to. */
final class TinyHomes implements AutoCloseable {
    private static final int KEYS = 1_000;

    private final HttpServer server;
    private final TreeMap<String, ObjectNode> providers = new TreeMap<>();
    private ObjectNode look = Json.object().put("running", false).putNull("found");
    private long looks;
    private long completed;
    private long next = 1;
    private boolean requested;

    /** What was asked for, such as {@code c joining}. */
    final List<String> asked = new ArrayList<>();
    /** Keys that a look without a provider finds short. */
    volatile long tooFew;
    /** Who could not be read to the end. */
    volatile List<String> unanswered = List.of();
    /** The provider that holds something else. */
    volatile String different = "";
    /** How many comparisons it takes until no key is short and nobody holds something else. */
    volatile int mendedAfter = Integer.MAX_VALUE;
    /** How many passes have begun that were asked for. */
    volatile int comparisons;
    /** Whether it is started again in the middle of the next comparison, and so forgets it. */
    volatile boolean dies;
    /** Whether no comparison begins, as while a provider is away. */
    volatile boolean comparesNot;
    /** Why the next role is refused; empty when it is not. */
    volatile String refusal = "";

    TinyHomes(String... serving) throws IOException {
        for (String name : serving) {
            place(name, "serving");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A provider of its own domain that lacks nothing. */
    ObjectNode place(String name, String role) {
        ObjectNode provider = providers.computeIfAbsent(
                name,
                _ -> Json.object()
                        .put("name", name)
                        .put("domain", "here/room/" + name)
                        .put("since", System.currentTimeMillis())
                        .put("shadowed", 7)
                        .put("hints", 0)
                        .put("compared_keys", KEYS));
        boolean serves = role.equals("serving");
        return provider.put("role", role)
                .put("state", serves ? "current" : "catching-up")
                .put("complete", !serves)
                .put("disagreed", 0);
    }

    /** Has a pass begin that nobody has asked for, and that has gone by every key already. */
    void comparing() {
        next++;
    }

    /** Each time that it is asked, a pass begins or ends. */
    private JsonNode comparison(boolean request) {
        requested |= request;
        if (!request && completed < next - 1) {
            completed = next - 1;
        } else if (!request && requested && !comparesNot) {
            requested = false;
            next++;
            comparisons++;
            if (comparisons == mendedAfter) {
                tooFew = 0;
                different = "";
            }
        }
        ObjectNode form = Json.object()
                .put("running", completed < next - 1)
                .put("completed", completed)
                .put("next", next);
        form.putObject("pass").put("compared", KEYS).put("begun_at", next);
        return form;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
        int status = 200;
        JsonNode answer = Json.object();
        if (path.equals("/v1/homes")) {
            if (exchange.getRequestMethod().equals("POST")) {
                status = 202;
                count(Json.text(body, "without", ""));
            }
            answer = look;
        } else if (path.equals("/v1/compare") && dies && requested) {
            status = 503;
            dies = false;
            requested = false;
            completed = 0;
            next = 1;
            answer = Json.MAPPER.readTree("{\"error\":{\"code\":\"starting\",\"message\":\"It starts.\"}}");
        } else if (path.equals("/v1/compare")) {
            answer = comparison(exchange.getRequestMethod().equals("POST"));
        } else if (path.endsWith("/role") && !refusal.isEmpty()) {
            status = 409;
            ((ObjectNode) answer)
                    .putObject("error")
                    .put("code", "placement-refused")
                    .put("message", refusal);
        } else if (path.endsWith("/role")) {
            answer = role(path.split("/")[3], Json.text(body, "role", ""));
        } else if (path.equals("/v1/providers") || path.equals("/v1/status")) {
            answer = all();
        } else if (path.startsWith("/v1/providers/")) {
            answer = providers.get(path.substring("/v1/providers/".length()));
            status = answer == null ? 404 : 200;
        } else if (path.equals("/v1/namespaces")) {
            ((ObjectNode) answer)
                    .putArray("namespaces")
                    .addObject()
                    .put("title", "shop")
                    .put("durability", 2);
        }
        byte[] bytes = Json.MAPPER.writeValueAsBytes(answer);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    ObjectNode providerOf(String name) {
        return Objects.requireNonNull(providers.get(name));
    }

    ObjectNode role(String name, String role) {
        asked.add(name + " " + role);
        if (role.equals("removed")) {
            providers.remove(name);
        } else {
            place(name, role);
        }
        return Json.object().put("name", name).put("role", role);
    }

    private ObjectNode all() {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("providers");
        providers.values().forEach(list::add);
        body.putObject("hints").put("domain", "here/room/log");
        return body;
    }

    private void count(String without) {
        look = Json.object()
                .put("running", false)
                .put("begun_at", System.currentTimeMillis() + looks++)
                .put("without", without.isEmpty() ? null : without)
                .put("seen", KEYS);
        ObjectNode found = look.putObject("found")
                .put("keys", KEYS)
                .put("bytes", 9)
                .put("short", without.isEmpty() ? 0 : tooFew)
                .put("took_ms", 100);
        ArrayNode silent = found.putArray("unanswered");
        unanswered.forEach(silent::add);
        ArrayNode first = found.putArray("first");
        if (tooFew > 0) {
            first.addObject()
                    .put("namespace", "shop")
                    .put("key", "cart\n1")
                    .put("domains", 1)
                    .put("wanted", 2)
                    .putArray("homes")
                    .add("b");
        }
        ObjectNode digests = found.putObject("digests");
        providers
                .keySet()
                .forEach(name -> digests.putObject(name)
                        .put("keys", KEYS)
                        .put("digest", name.equals(different) ? "1".repeat(32) : "0".repeat(32)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A store in memory that speaks the HTTP surface of a node, data and admin on one port, and that can be told to lie: what
 * the real one must never do, and what the drill must notice.
 */
public final class TinyServer implements AutoCloseable {
    public static final String TOKEN = "hf_test";

    /** How it misbehaves. */
    public enum Mischief {
        NONE,
        /** Reads answer what was there before the newest write. */
        STALE_READS,
        /** Reads answer with one byte changed. */
        ALTERED_READS,
        /** Reads of some keys say that there is no such key. */
        ABSENT_READS,
        /** Writes are acknowledged and not kept. */
        LOST_WRITES,
        /** Writes are refused. */
        REFUSED_WRITES,
        /** The provider never comes back. */
        NEVER_CURRENT
    }

    private record Value(byte[] bytes, long version, String metadata, String expiration) {}

    private final HttpServer server;
    private final Map<String, ObjectNode> namespaces = new TreeMap<>();
    private final Map<String, TreeMap<String, Value>> values = new HashMap<>();
    private final Map<String, Value> previous = new HashMap<>();
    private long clock = 1;
    private long hinted;
    private boolean faulty;
    private boolean drills = true;
    private String role = "origin";
    public volatile Mischief mischief = Mischief.NONE;
    /** Whether the mischief waits for a fault. */
    public volatile boolean onlyInFault;

    /** Whether the provider that is not drilled is down. */
    public volatile boolean otherDown;

    public TinyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public synchronized void allowDrills(boolean allowed) {
        drills = allowed;
    }

    public synchronized void becomeEdge() {
        role = "edge";
    }

    public synchronized boolean faulty() {
        return faulty;
    }

    public synchronized long namespaceCount() {
        return namespaces.values().stream()
                .filter(one -> !one.has("deleted_at"))
                .count();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Answer(int status, byte[] body, Map<String, String> headers) {
        static Answer json(int status, JsonNode body) {
            return new Answer(status, Json.MAPPER.writeValueAsBytes(body), Map.of());
        }

        static Answer error(int status, String code, String message) {
            ObjectNode body = Json.object();
            body.putObject("error").put("code", code).put("message", message).put("request", "r-1");
            return json(status, body);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer;
        if (exchange.getRequestURI().getPath().endsWith("/watch")
                && !exchange.getRequestURI().getPath().contains("absent")) {
            stream(exchange);
            return;
        }
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer = Answer.error(401, "unauthorized", "The token is not known.");
        } else {
            answer = answer(exchange, body);
        }
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        boolean empty = answer.body.length == 0;
        exchange.sendResponseHeaders(answer.status, empty ? -1 : answer.body.length);
        if (!empty) {
            exchange.getResponseBody().write(answer.body);
        }
        exchange.close();
    }

    /** Those of others, as the real one shows them. */
    public final List<ObjectNode> clocks = new CopyOnWriteArrayList<>();

    /** Incidents as the real one lists them, the newest first. */
    public final List<ObjectNode> incidents = new CopyOnWriteArrayList<>();

    /** The texts that were noted. */
    public final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

    private Answer incidents(String method, String[] path, Map<String, String> query, byte[] body) {
        if (path.length == 2) {
            ObjectNode all = Json.object().put("node", "node-" + url().getPort());
            incidents.forEach(all.putArray("incidents")::add);
            return Answer.json(200, all);
        }
        for (ObjectNode incident : incidents) {
            if (Json.text(incident, "id", "").equals(path[2])) {
                if (path.length == 3) {
                    return Answer.json(200, incident);
                } else if (method.equals("POST")) {
                    notes.add(Json.text(Json.MAPPER.readTree(body), "text", ""));
                    return Answer.json(200, incident);
                }
                String report = query.get("format") + " of " + path[2] + "\n";
                return new Answer(200, report.getBytes(StandardCharsets.UTF_8), Map.of());
            }
        }
        return Answer.error(404, "incident-not-found", "There is no such incident here.");
    }

    private static Answer webhooks(String[] path) {
        boolean works = path.length < 4 || path[2].equals("pager");
        String one = "{\"name\":\"pager\",\"form\":\"json\",\"to\":\"http://one\",\"least_severity\":\"P4\","
                + "\"delivered\":3,\"failed\":1,\"given_up\":0,\"waiting\":1,\"problem\":\"http://one is late\"}";
        String test = works ? "{\"delivered\":true}" : "{\"delivered\":false,\"problem\":\"nobody answers\"}";
        String said = path.length < 4 ? "{\"webhooks\":[" + one + "]}" : test;
        return Answer.json(200, Json.MAPPER.readTree(said));
    }

    /** What a watcher is sent, a text for each connection; when there is none, it is kept waiting. */
    public final BlockingQueue<String> streams = new LinkedBlockingQueue<>();

    /** The queries and last ids with which watchers came. */
    public final BlockingQueue<String> watchers = new LinkedBlockingQueue<>();

    private void stream(HttpExchange exchange) throws IOException {
        watchers.add(exchange.getRequestURI().getRawQuery() + " "
                + exchange.getRequestHeaders().getFirst("Last-Event-ID"));
        exchange.sendResponseHeaders(200, 0);
        try {
            exchange.getResponseBody().write(streams.take().getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) {
        String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/");
        String method = exchange.getRequestMethod();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (path[0].equals("client")) {
            return bulk(path[path.length - 2], path[path.length - 1], body, path[7]);
        }
        return switch (path[1]) {
            case "status" -> Answer.json(200, status());
            case "providers" -> providers(method, path, body);
            case "compare" -> Answer.json(method.equals("POST") ? 202 : 200, comparison(method));
            case "scrub" -> Answer.json(method.equals("POST") ? 202 : 200, scrub(method));
            case "raw" -> raw(path[2], query);
            case "tokens" -> tokens(method, body);
            case "nodes" -> nodes(path);
            case "incidents" -> incidents(method, path, query, body);
            case "webhooks" -> webhooks(path);
            case "namespaces" ->
                path.length <= 3 || path[3].equals("restore")
                        ? catalogue(method, path, query, body)
                        : keys(method, path, query, body, exchange);
            default -> Answer.error(404, "no-such-path", "There is nothing here.");
        };
    }

    private Answer catalogue(String method, String[] path, Map<String, String> query, byte[] body) {
        if (path.length == 2 && method.equals("POST")) {
            ObjectNode made = (ObjectNode) Json.MAPPER.readTree(body);
            String id = String.format("%032x", namespaces.size() + 1);
            made.put("id", id)
                    .put("account", "0123456789abcdef0123456789abcdef")
                    .put("durability", 2);
            namespaces.put(id, made);
            values.put(id, new TreeMap<>());
            return Answer.json(200, made);
        }
        if (path.length == 2) {
            ArrayNode all = Json.array();
            namespaces.values().stream()
                    .filter(one -> one.has("deleted_at") == query.containsKey("deleted"))
                    .forEach(all::add);
            return Answer.json(200, all);
        }
        ObjectNode one = namespaces.get(path[2]);
        if (one == null) {
            return Answer.error(404, "namespace-not-found", "There is no such namespace.");
        }
        if (path.length == 4) {
            one.remove("deleted_at");
        } else if (method.equals("DELETE")) {
            one.put("deleted_at", 1L);
        } else if (method.equals("PATCH")) {
            one.setAll((ObjectNode) Json.MAPPER.readTree(body));
        }
        return Answer.json(200, one);
    }

    private Answer keys(String method, String[] path, Map<String, String> query, byte[] body, HttpExchange exchange) {
        String name = decode(path[2]);
        String id = namespaces.values().stream()
                .filter(one -> !one.has("deleted_at"))
                .filter(one -> Json.text(one, "id", "").equals(name)
                        || Json.text(one, "title", "").equals(name))
                .map(one -> Json.text(one, "id", ""))
                .findFirst()
                .orElse("");
        if (id.isEmpty()) {
            return Answer.error(404, "namespace-not-found", "There is no such namespace.");
        }
        if (path[3].equals("keys")) {
            return method.equals("DELETE") ? deletePrefix(id, query) : list(id, query);
        }
        String key = decode(path[4]);
        if (path[3].equals("explain")) {
            return explain(id, key);
        }
        return switch (method) {
            case "GET" -> get(id, key, query);
            case "PUT" -> put(id, key, body, query, exchange);
            default -> delete(id, key);
        };
    }

    private boolean misbehaves(Mischief how) {
        return mischief == how && (faulty || !onlyInFault);
    }

    private Answer get(String id, String key, Map<String, String> query) {
        boolean stale = query.getOrDefault("mode", "cached").equals("cached") && key.equals("stale");
        Value value = misbehaves(Mischief.STALE_READS)
                ? previous.getOrDefault(id + key, values.get(id).get(key))
                : values.get(id).get(key);
        if (value == null || misbehaves(Mischief.ABSENT_READS)) {
            return Answer.error(404, "key-not-found", "There is no such key.");
        }
        byte[] bytes = value.bytes.clone();
        if (misbehaves(Mischief.ALTERED_READS)) {
            bytes[bytes.length - 1] ^= 1;
        }
        Map<String, String> headers = new HashMap<>(Map.of(
                "Holdfast-Version",
                HexFormat.of().toHexDigits(value.version),
                "Holdfast-Source",
                "a",
                "Holdfast-Confirmed",
                Boolean.toString(!stale),
                "CF-Cache-Status",
                stale ? "STALE" : "MISS",
                "Age",
                stale ? "90" : "0"));
        if (value.metadata != null) {
            headers.put("Holdfast-Metadata", value.metadata);
        }
        if (value.expiration != null) {
            headers.put("Holdfast-Expiration", value.expiration);
        }
        return new Answer(200, bytes, headers);
    }

    private Answer put(String id, String key, byte[] body, Map<String, String> query, HttpExchange exchange) {
        Value there = values.get(id).get(key);
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        boolean mustBeAbsent = exchange.getRequestHeaders().getFirst("If-None-Match") != null;
        String current = there == null ? "" : HexFormat.of().toHexDigits(there.version);
        if (mustBeAbsent && there != null || match != null && !match.equals("\"" + current + "\"")) {
            return Answer.json(412, Json.object().put("current", there == null ? null : current));
        }
        if (misbehaves(Mischief.REFUSED_WRITES)) {
            return Answer.error(503, "too-few-homes", "Too few homes.");
        }
        hinted += faulty ? 1 : 0;
        long version = ++clock;
        if (!misbehaves(Mischief.LOST_WRITES)) {
            if (there != null) {
                previous.put(id + key, there);
            }
            String metadata = exchange.getRequestHeaders().getFirst("Holdfast-Metadata");
            values.get(id).put(key, new Value(body, version, metadata, query.get("expiration")));
        }
        return acknowledged(version);
    }

    private Answer delete(String id, String key) {
        if (misbehaves(Mischief.REFUSED_WRITES)) {
            return Answer.error(503, "too-few-homes", "Too few homes.");
        }
        long version = ++clock;
        if (!misbehaves(Mischief.LOST_WRITES)) {
            Value there = values.get(id).remove(key);
            if (there != null) {
                previous.put(id + key, there);
            }
        }
        return acknowledged(version);
    }

    private static Answer acknowledged(long version) {
        Answer answer = Answer.json(200, receipt(version));
        return new Answer(
                200, answer.body, Map.of("Holdfast-Version", HexFormat.of().toHexDigits(version)));
    }

    private static ObjectNode receipt(long version) {
        ObjectNode receipt = Json.object().put("version", HexFormat.of().toHexDigits(version));
        receipt.putArray("homes").add("a").add("b");
        receipt.putArray("hinted");
        return receipt.put("domains", 2).put("short", false);
    }

    private Answer list(String id, Map<String, String> query) {
        int limit = Integer.parseInt(query.get("limit"));
        String prefix = query.getOrDefault("prefix", "");
        ObjectNode page = Json.object();
        ArrayNode keys = page.putArray("keys");
        page.putNull("cursor");
        for (Map.Entry<String, Value> one :
                values.get(id).tailMap(query.getOrDefault("cursor", ""), false).entrySet()) {
            if (one.getKey().startsWith(prefix)) {
                if (keys.size() == limit) {
                    page.put("cursor", keys.get(limit - 1).path("name").stringValue());
                    break;
                }
                byte[] value = one.getValue().bytes;
                ObjectNode key = keys.addObject()
                        .put("name", one.getKey())
                        .put("version", HexFormat.of().toHexDigits(one.getValue().version))
                        .put("size", value.length);
                if (query.containsKey("values")) {
                    String text = new String(value, StandardCharsets.UTF_8);
                    if (text.indexOf('\ufffd') < 0) {
                        key.put("value", text);
                    } else {
                        key.put("value_base64", Base64.getEncoder().encodeToString(value));
                    }
                }
            }
        }
        return Answer.json(200, page.put("confirmed", true));
    }

    private Answer deletePrefix(String id, Map<String, String> query) {
        ObjectNode result = Json.object();
        ArrayNode sample = result.putArray("sample");
        var matching = values.get(id).keySet().stream()
                .filter(key -> key.startsWith(query.get("prefix")))
                .toList();
        matching.stream().limit(10).forEach(sample::add);
        boolean dry = query.containsKey("dry-run");
        if (!dry) {
            matching.forEach(values.get(id)::remove);
        }
        return Answer.json(
                200,
                result.put("matched", matching.size())
                        .put("deleted", dry ? 0 : matching.size())
                        .put("failed", 0));
    }

    private static Answer explain(String id, String key) {
        ObjectNode all = Json.object().put("key", key);
        all.putArray("homes")
                .addObject()
                .put("provider", "b")
                .put("state", "down")
                .putNull("version")
                .put("hint", "0000000000000007")
                .put("says", "no answer in time");
        all.putObject("answer")
                .put("kind", "found")
                .put("version", "0000000000000007")
                .put("source", "a");
        return Answer.json(200, all);
    }

    private Answer bulk(String before, String last, byte[] body, String id) {
        ArrayNode items = (ArrayNode) Json.MAPPER.readTree(body);
        boolean delete = last.equals("delete");
        for (JsonNode item : items) {
            if (delete) {
                values.get(id).remove(item.stringValue());
            } else if (item.path("key").stringValue().length() > 512) {
                ObjectNode refusal = Json.object().put("success", false);
                refusal.putArray("errors").addObject().put("code", 10030).put("message", "The key is too long.");
                return Answer.json(414, refusal);
            } else {
                byte[] value = item.path("base64").asBoolean(false)
                        ? java.util.Base64.getDecoder()
                                .decode(item.path("value").stringValue())
                        : item.path("value").stringValue().getBytes(StandardCharsets.UTF_8);
                String metadata = item.has("metadata") ? Json.ascii(item.path("metadata")) : null;
                values.get(id).put(item.path("key").stringValue(), new Value(value, ++clock, metadata, null));
            }
        }
        ObjectNode envelope = Json.object().put("success", true);
        envelope.putObject("result").put("successful_key_count", items.size()).putArray("unsuccessful_keys");
        return Answer.json(200, envelope);
    }

    private ObjectNode status() {
        ObjectNode status = Json.object().put("can_lose_one", !faulty);
        status.putArray("reasons").add(faulty ? "b is down." : "Every write is in 2 failure domains.");
        status.set("providers", providerList());
        status.putObject("hints")
                .put("depth", 0)
                .put("oldest_age_ms", 0)
                .put("free_bytes", 1L << 30)
                .put("alarm", false);
        clocks.forEach(status.putArray("clocks")::add);
        status.putObject("counters").put("reads", 5).put("hinted", hinted);
        ObjectNode cache = status.putObject("cache").put("entries", 3).put("memory_bytes", 1 << 10);
        cache.put("disk_bytes", 0).putObject("counters").put("hits", 7).put("stale", 2);
        return status.put("role", role)
                .put("drills", drills)
                .put("version", "test")
                .put("account_id", "0123");
    }

    private ArrayNode providerList() {
        ArrayNode all = Json.array();
        boolean down = faulty || mischief == Mischief.NEVER_CURRENT && hinted > 0;
        all.addObject()
                .put("name", "a")
                .put("state", otherDown ? "down" : "current")
                .put("hints", 0);
        all.addObject().put("name", "b").put("state", down ? "down" : "current").put("hints", 0);
        return all;
    }

    private Answer providers(String method, String[] path, byte[] body) {
        if (path.length == 2) {
            return Answer.json(200, providerList());
        }
        for (JsonNode one : providerList()) {
            if (Json.text(one, "name", "").equals(path[2])) {
                if (path.length == 4) {
                    faulty = method.equals("PUT");
                }
                return Answer.json(200, one);
            }
        }
        return Answer.error(404, "no-such-provider", "There is no such provider.");
    }

    private int comparisons;

    private ObjectNode comparison(String method) {
        comparisons += method.equals("POST") ? 1 : 0;
        boolean begins = method.equals("POST");
        ObjectNode form = Json.object()
                .put("running", false)
                .put("completed", begins ? comparisons - 1 : comparisons)
                .put("next", begins ? comparisons : comparisons + 1)
                .put("finished_at", comparisons);
        form.putObject("pass")
                .put("compared", 3)
                .put("divergent", comparisons - 1)
                .put("repaired", comparisons - 1)
                .put("ended_at", comparisons)
                .put("complete", true);
        return form;
    }

    private int scrubs;

    /** Under way until it is asked for; the second one finds a record damaged. */
    private ObjectNode scrub(String method) {
        boolean begins = method.equals("POST");
        scrubs += begins ? 1 : 0;
        int damaged = scrubs - 1;
        ObjectNode form = Json.object().put("running", begins).put("unrepaired", damaged);
        ObjectNode pass = form.putArray("providers")
                .addObject()
                .put("provider", "a")
                .put("doing", begins ? "reading" : "")
                .put("expected_keys", 3);
        pass.putObject("counts")
                .put("keys", 3)
                .put("bytes", 30)
                .put("damaged", damaged)
                .put("repaired", 0);
        ArrayNode list = form.putArray("damaged");
        for (int i = 0; i < damaged; i++) {
            list.addObject()
                    .put("provider", "a")
                    .put("namespace", "n")
                    .put("key", "k")
                    .put("beyond_repair", true);
        }
        return form;
    }

    private Answer raw(String provider, Map<String, String> query) {
        ObjectNode page = Json.object();
        ArrayNode rows = page.putArray("rows");
        values.get(query.get("namespace"))
                .forEach((key, value) -> rows.addObject()
                        .put("key", key)
                        .put("version", HexFormat.of().toHexDigits(value.version)));
        return Answer.json(200, page.put("end", true));
    }

    private static Answer nodes(String[] path) {
        if (path.length == 3) {
            if (!path[2].equals("gone")) {
                return path[2].equals("here")
                        ? Answer.error(409, "node-itself", "This is node here itself, which runs. Ask another node.")
                        : Answer.error(404, "node-not-found", "There is no such node.");
            }
            ObjectNode removed = Json.object().put("removed", "gone");
            removed.putArray("compared").add("b");
            return Answer.json(200, removed);
        }
        ObjectNode all = Json.object().put("complete", true);
        ArrayNode nodes = all.putArray("nodes");
        nodes.addObject()
                .put("name", "gone")
                .put("self", false)
                .put("silent", true)
                .put("seen", 1_790_000_000_000L)
                .put("watermark", "0000000000000007")
                .putArray("marks")
                .add("b");
        nodes.addObject()
                .put("name", "here")
                .put("self", true)
                .put("silent", false)
                .putArray("marks");
        return Answer.json(200, all);
    }

    private static Answer tokens(String method, byte[] body) {
        ObjectNode token = Json.object().put("id", "t1").put("name", "shop");
        token.putArray("namespaces").add("*");
        token.putArray("permissions").add("read");
        return switch (method) {
            case "POST" -> {
                token.setAll((ObjectNode) Json.MAPPER.readTree(body));
                yield Answer.json(200, token.put("token", "hf_secret"));
            }
            case "DELETE" -> Answer.json(200, Json.object());
            default -> Answer.json(200, Json.array().add(token));
        };
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

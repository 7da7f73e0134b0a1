package dev.holdfast.integration.backup;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the keys of a namespace ought to hold: each write goes to the server, and is noted here. For one thread. */
final class Model {
    private static final int BATCH = 1_000;
    private static final int LARGE = 3_000;
    /** To delete a million keys. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final HoldfastServer server;
    private final String namespace;
    private final SplittableRandom random = new SplittableRandom(11);
    private final TreeMap<String, ObjectNode> lines = new TreeMap<>();

    Model(HoldfastServer server, String namespace) {
        this.server = server;
        this.namespace = namespace;
    }

    /** Gives keys new contents of all kinds: text or bytes, small or larger than the feed carries, metadata, expirations. */
    void write(Collection<String> keys) {
        StringBuilder batch = new StringBuilder();
        int count = 0;
        for (String key : keys) {
            ObjectNode line = line(key, count);
            lines.put(key, line);
            batch.append(Json.MAPPER.writeValueAsString(line)).append('\n');
            if (++count % BATCH == 0) {
                send(batch);
            }
        }
        send(batch);
    }

    private ObjectNode line(String key, int number) {
        byte[] bytes = new byte[number % 50 == 7 ? LARGE : random.nextInt(1, 300)];
        random.nextBytes(bytes);
        String value = Base64.getEncoder().encodeToString(bytes);
        ObjectNode line = Json.object().put("key", key).put(number % 10 == 3 ? "value_base64" : "value", value);
        if (number % 3 == 0) {
            line.putObject("metadata").put("n", number).put("\u00fc", "\n");
        }
        if (number % 7 == 0) {
            line.put("expiration", 4_000_000_000L + number);
        }
        return line;
    }

    /** One key that holds a text until then. */
    void write(String key, String value, long expiration) {
        ObjectNode line = Json.object().put("key", key).put("value", value);
        if (expiration > 0) {
            line.put("expiration", expiration);
        }
        lines.put(key, line);
        send(new StringBuilder(Json.MAPPER.writeValueAsString(line)).append('\n'));
    }

    private void send(StringBuilder batch) {
        if (!batch.isEmpty()) {
            var body = BodyPublishers.ofString(batch.toString());
            server.store()
                    .require(server.store().call("PUT", "/v1/namespaces/" + namespace + "/import", Map.of(), body));
            batch.setLength(0);
        }
    }

    void delete(List<String> keys) {
        for (String key : keys) {
            lines.remove(key);
            server.store().require(server.store().delete("/v1/namespaces/" + namespace + "/values/" + key));
        }
    }

    void deleteAll(String prefix) throws IOException {
        lines.keySet().removeIf(key -> key.startsWith(prefix));
        try (Api patient = server.store(LONGEST)) {
            patient.require(patient.delete("/v1/namespaces/" + namespace + "/keys?prefix=" + prefix));
        }
    }

    /** What each key holds now, as text that is equal for equal contents. */
    Map<String, String> state() {
        TreeMap<String, String> state = new TreeMap<>();
        lines.forEach((key, line) -> state.put(key, content(line)));
        return state;
    }

    /** The same without what has expired by a moment, in seconds since 1970. */
    Map<String, String> stateAt(long seconds) {
        Map<String, String> state = state();
        lines.forEach((key, line) -> {
            if (line.path("expiration").asLong(Long.MAX_VALUE) <= seconds) {
                state.remove(key);
            }
        });
        return state;
    }

    /** Value, metadata and expiration of a line of an export or import. */
    static String content(JsonNode line) {
        String value = line.has("value_base64")
                ? line.path("value_base64").asString("")
                : Base64.getEncoder()
                        .encodeToString(line.path("value").asString("").getBytes(StandardCharsets.UTF_8));
        return value + " " + line.path("metadata") + " "
                + line.path("expiration").asLong(0);
    }
}

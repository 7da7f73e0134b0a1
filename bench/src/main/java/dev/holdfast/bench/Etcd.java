package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A single etcd that looks at a token, as every contender does, with the load in it.
 *
 * @param folder where the load lies
 */
record Etcd(Child process, int port, String token, Path folder, Load load) {
    private static final Duration TO_START = Duration.ofMinutes(1);
    /** etcd takes up to 128 operations in a transaction. */
    private static final int BATCH = 100;

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "{\"name\":\"root\",\"password\":\"of-the-bench\"}";

    static Etcd start(Path folder, Load load, Belongings belongings) throws IOException, InterruptedException {
        int port = Ports.free();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + Ports.free();
        List<String> command = List.of(
                "etcd",
                "--name=bench",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=bench=" + peer,
                "--auth-token-ttl=86400",
                "--logger=zap",
                "--log-level=warn");
        Child process = belongings.add(Child.silent("etcd", folder, command, Map.of()));
        try (Client http = new Client("", null)) {
            Client.await(
                    process,
                    "serve",
                    TO_START,
                    () -> http.send("GET", port, "/health", "").statusCode() == 200);
            fill(http, port, load);
            http.require("POST", port, "/v3/auth/user/add", ROOT);
            http.require("POST", port, "/v3/auth/role/add", "{\"name\":\"root\"}");
            http.require("POST", port, "/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
            http.require("POST", port, "/v3/auth/enable", "{}");
            byte[] answer =
                    http.require("POST", port, "/v3/auth/authenticate", ROOT).body();
            String token = JSON.readTree(answer).required("token").asString();
            return new Etcd(process, port, token, folder, load);
        }
    }

    private static void fill(Client http, int port, Load load) throws IOException, InterruptedException {
        List<Load.Entry> entries = load.entries();
        for (int i = 0; i < entries.size(); i += BATCH) {
            List<String> puts = entries.subList(i, Math.min(entries.size(), i + BATCH)).stream()
                    .map(entry -> "{\"requestPut\":{\"key\":\"" + base64(entry.key()) + "\",\"value\":\""
                            + base64(entry.value()) + "\"}}")
                    .toList();
            http.require("POST", port, "/v3/kv/txn", "{\"success\":[" + String.join(",", puts) + "]}");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Ask ask(Load.Entry entry) {
        return new Ask(
                "POST",
                "/v3/kv/range",
                List.of(new Header("Authorization", token), new Header("Content-Type", "application/json")),
                "{\"key\":\"" + base64(entry.key()) + "\"}");
    }

    Case byHttp(String id, int connections) throws IOException, InterruptedException {
        Load.Entry entry = load.entries().getFirst();
        try (Client http = new Client("", null)) {
            byte[] answer = http.require(port, ask(entry)).body();
            if (!JSON.readTree(answer).at("/kvs/0/value").asString("").equals(base64(entry.value()))) {
                throw process.failure("does not answer with the value of " + entry.key());
            }
            if (http.send(port, ask(entry).bare()).statusCode() / 100 == 2) {
                throw process.failure("answers without a token");
            }
        }
        Wrk wrk = Wrk.prepare(folder, "etcd", load, this::ask, connections, 1);
        return new Case(id, "etcd", "HTTP/1.1 gateway", seconds -> wrk.run(process, port, seconds));
    }

    /** @param serializable whether it may answer without making sure that nothing newer was agreed on */
    Case byGrpc(String id, boolean serializable, int connections) throws IOException, InterruptedException {
        Load.Entry entry = load.entries().getFirst();
        Path body = Files.write(folder.resolve(id + ".grpc"), range(entry.key(), serializable));
        Ask ask = new Ask(
                "POST",
                "/etcdserverpb.KV/Range",
                List.of(
                        new Header("content-type", "application/grpc"),
                        new Header("te", "trailers"),
                        new Header("token", token)),
                "");
        String base = "http://127.0.0.1:" + port;
        Nghttp.Answered answered = new Nghttp(folder).send(base, ask, body);
        if (answered.status() != 200
                || !answered.headers().contains(new Header("grpc-status", "0"))
                || !answered.body().contains(entry.value())) {
            throw process.failure("does not answer with the value of " + entry.key() + " but with " + answered);
        }
        int length = answered.body().length();
        Path targets = Files.write(folder.resolve(id + ".targets"), List.of(ask.target()));
        H2load h2load = new H2load(folder, targets, ask.headers(), body, length, connections, 1);
        String operation = serializable ? "gRPC, serializable" : "gRPC";
        return new Case(id, "etcd", operation, seconds -> h2load.run(process, base, seconds));
    }

    /** A RangeRequest as gRPC frames it: not compressed, its length, then the key as field 1 and serializable as field 7. */
    static byte[] range(String key, boolean serializable) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("its length would take more than a byte: " + key);
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(1 << 3 | 2);
        message.write(bytes.length);
        message.writeBytes(bytes);
        if (serializable) {
            message.write(7 << 3);
            message.write(1);
        }
        return ByteBuffer.allocate(5 + message.size())
                .put((byte) 0)
                .putInt(message.size())
                .put(message.toByteArray())
                .array();
    }
}

package dev.holdfast.server.main;

import dev.holdfast.server.api.Described;
import dev.holdfast.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server on free ports, with drills on, and a client of it that holds every answer against the description. */
public final class RunningServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    public final List<String> said = new ArrayList<>();
    public final String token;
    private final HoldfastServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What came back. */
    public record Reply(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String code() {
            return json().at("/error/code").asString();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public RunningServer(Path data, Map<String, String> settings) throws Exception {
        this(Optional.empty(), data, settings);
    }

    /** @param file the configuration file, which is read again when a provider is added */
    public RunningServer(Optional<Path> file, Path data, Map<String, String> settings) throws Exception {
        Map<String, String> flags = new HashMap<>(Map.of(
                "data", data.toString(), "listen", "127.0.0.1:0", "admin.listen", "127.0.0.1:0", "drills", "true"));
        flags.putAll(settings);
        LiveHomes.Reload reload = () -> ServerConfig.load(file, Map.of(), flags);
        server = HoldfastServer.start(reload.config(), reload, said::add);
        Path secret = data.resolve("admin-token");
        token = Files.exists(secret) ? Files.readString(secret).strip() : "";
    }

    public RunningServer(Path data) throws Exception {
        this(data, Map.of());
    }

    public int dataPort() {
        return server.dataPort();
    }

    public int adminPort() {
        return server.adminPort();
    }

    /** A request to the data port with the admin token. */
    public Reply data(String method, String path, String body, String... headers) throws IOException {
        return send(dataPort(), token, method, path, body, headers);
    }

    /** A request to the admin port with the admin token. */
    public Reply admin(String method, String path, String body) throws IOException {
        return send(adminPort(), token, method, path, body);
    }

    /** The same without a body, where nobody can do anything about a failure. */
    public Reply adminQuietly(String method, String path) {
        try {
            return admin(method, path, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param bearer empty for no token; @param body null for none */
    public Reply send(int port, String bearer, String method, String path, String body, String... headers)
            throws IOException {
        var publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        Reply reply = send(port, bearer, method, path, publisher, headers);
        Described.check(port == adminPort(), method, path, body, reply.response());
        return reply;
    }

    /** Writes a value that need not be text, with the admin token. */
    public Reply binary(String path, byte[] value) throws IOException {
        return send(dataPort(), token, "PUT", path, BodyPublishers.ofByteArray(value));
    }

    private Reply send(
            int port, String bearer, String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body);
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Reply(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Makes a namespace and returns its id. */
    public String namespace(String title) throws IOException {
        return data("POST", "/v1/namespaces", "{\"title\":\"" + title + "\"}")
                .json()
                .get("id")
                .asString();
    }

    /** Makes a token that may do these things in this namespace, or everywhere for {@code *}. */
    public String token(String namespace, String... permissions) throws IOException {
        String body = "{\"name\":\"test\",\"namespaces\":[\"" + namespace + "\"],\"permissions\":[\""
                + String.join("\",\"", permissions) + "\"]}";
        return admin("POST", "/v1/tokens", body).json().get("token").asString();
    }

    public void fault(String provider, String mode) throws IOException {
        admin("PUT", "/v1/providers/" + provider + "/fault", "{\"mode\":\"" + mode + "\"}");
    }

    public void heal(String provider) throws IOException {
        admin("DELETE", "/v1/providers/" + provider + "/fault", null);
    }

    public String state(String provider) throws IOException {
        return admin("GET", "/v1/providers/" + provider, null)
                .json()
                .get("state")
                .asString();
    }

    /** Waits for what other threads bring about; fails after ten seconds. */
    public static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i == 1_000) {
                throw new AssertionError("waited in vain");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}

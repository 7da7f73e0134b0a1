package dev.holdfast.integration.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server as people start it, through the launcher, with drills on, on free ports and in a data folder of its own. */
final class Server implements AutoCloseable {
    static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();

    private static final Duration MOST_TO_START = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path data;
    private final Path log;
    private final int port;
    private final int adminPort;

    private Server(Path folder) throws IOException {
        data = folder.resolve("data");
        log = folder.resolve("server.log");
        port = freePort();
        adminPort = freePort();
        ProcessBuilder command = new ProcessBuilder(
                        SOURCES.resolve("holdfast").toString(),
                        "server",
                        "--drills",
                        "--data",
                        data.toString(),
                        "--listen",
                        "127.0.0.1:" + port,
                        "--admin-listen",
                        "127.0.0.1:" + adminPort)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // Otherwise a namespace of a jurisdiction, which clients may ask for, has no place.
        command.environment()
                .putAll(Map.of(
                        "HOLDFAST_JURISDICTION", "eu",
                        "HOLDFAST_PROVIDERS_A_JURISDICTION", "eu",
                        "HOLDFAST_PROVIDERS_A_FAILURE_DOMAIN", "one/eu/a",
                        "HOLDFAST_PROVIDERS_B_JURISDICTION", "eu",
                        "HOLDFAST_PROVIDERS_B_FAILURE_DOMAIN", "two/eu/b"));
        process = command.start();
    }

    /** Starts one, and returns once it is ready to serve. */
    static Server start(Path folder) throws IOException {
        Server server = new Server(folder);
        try {
            server.await("ready", MOST_TO_START, server::ready);
            return server;
        } catch (Throwable notStarted) {
            server.process.destroyForcibly();
            throw new AssertionError("The server did not start. Its output:\n" + server.output(), notStarted);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The admin token that the server made at its first start. */
    String token() {
        return written("admin-token");
    }

    /** The account that namespaces are in when nobody says another. */
    String account() {
        return written("account-id");
    }

    private String written(String file) {
        try {
            return Files.readString(data.resolve(file)).strip();
        } catch (IOException failure) {
            throw new AssertionError("the server wrote no " + file, failure);
        }
    }

    /** Everything that the server has printed. */
    String output() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    void blackhole(String provider) {
        admin("PUT", "/v1/providers/" + provider + "/fault", "{\"mode\":\"blackhole\",\"rate\":1.0}");
    }

    void heal(String provider) {
        admin("DELETE", "/v1/providers/" + provider + "/fault", "");
    }

    JsonNode provider(String name) {
        return admin("GET", "/v1/providers/" + name, "");
    }

    /** Ids of all namespaces. */
    List<String> namespaces() {
        return ask("GET", url() + "/v1/namespaces", "")
                .path("namespaces")
                .valueStream()
                .map(namespace -> namespace.path("id").asString())
                .toList();
    }

    /** What a provider holds of a namespace, tombstones too, without any other provider being asked. */
    List<JsonNode> rows(String provider, String namespace) {
        List<JsonNode> rows = new ArrayList<>();
        boolean end = false;
        while (!end) {
            String after = rows.isEmpty()
                    ? ""
                    : "&after=" + URLEncoder.encode(rows.getLast().path("key").asString(), UTF_8);
            JsonNode page = admin("GET", "/v1/raw/" + provider + "?namespace=" + namespace + "&limit=1000" + after, "");
            page.path("rows").forEach(rows::add);
            end = page.path("end").asBoolean();
        }
        return rows;
    }

    void await(String what, Duration most, BooleanSupplier happened) {
        Instant end = Instant.now().plus(most);
        while (!happened.getAsBoolean()) {
            assertThat(process.isAlive()).as("the server runs").isTrue();
            assertThat(Instant.now()).as("%s within %s", what, most).isBefore(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    private boolean ready() {
        try {
            URI address = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private JsonNode admin(String method, String path, String body) {
        return ask(method, "http://127.0.0.1:" + adminPort + path, body);
    }

    private JsonNode ask(String method, String address, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("%s %s: %s", method, address, response.body())
                    .isBetween(200, 299);
            return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(method + " " + address, failure);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
        process.destroy();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("the server ends when it is asked to; it said:\n%s", output())
                    .isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package dev.holdfast.integration.alerts;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Debian's {@code prometheus-alertmanager}, alone and on loopback. For one thread. */
final class Alertmanager implements AutoCloseable {
    static final Path BINARY = Path.of("/usr/bin/prometheus-alertmanager");

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final int port;
    private final Process process;
    private final Api api;

    Alertmanager(Path folder) throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder);
        Path config = folder.resolve("alertmanager.yml");
        Files.writeString(config, "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n");
        process = new ProcessBuilder(
                        BINARY.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
        api = new Api(URI.create(url()), "", "nowhere", DEADLINE, null);
        while (!ready()) {
            if (!process.isAlive()) {
                throw new IOException("it ended: " + Files.readString(folder.resolve("alertmanager.log")));
            }
            Thread.sleep(20);
        }
    }

    private boolean ready() {
        try {
            return api.get("/-/ready").ok();
        } catch (Failure notYet) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Those that are not resolved. */
    List<JsonNode> firing() {
        return api.require(api.get("/api/v2/alerts?active=true"))
                .json()
                .valueStream()
                .toList();
    }

    @Override
    public void close() {
        api.close();
        process.destroyForcibly().onExit().join();
    }
}

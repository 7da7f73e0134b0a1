package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs commands in this process against a server in memory. */
abstract class CommandRuns {
    private static final byte[] NOTHING = {};

    @TempDir
    Path folder;

    TinyServer server;
    final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        server = new TinyServer();
        environment.put("HOLDFAST_URL", server.url().toString());
        environment.put("HOLDFAST_ADMIN", server.url() + "/");
        environment.put("HOLDFAST_TOKEN", TinyServer.TOKEN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    record Ran(int exitCode, byte[] bytes, String out, String err) {
        JsonNode json() {
            return Json.MAPPER.readTree(out);
        }
    }

    final Ran run(byte[] in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                new ByteArrayInputStream(in),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false,
                false);
        int exitCode = Holdfast.run(shell, arguments);
        return new Ran(
                exitCode,
                out.toByteArray(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    final Ran run(String... arguments) {
        return run(NOTHING, arguments);
    }

    final Ran ok(String... arguments) {
        Ran ran = run(arguments);
        assertThat(ran.exitCode).as(ran.err).isZero();
        return ran;
    }

    final void namespace(String title) {
        ok("namespace", "create", title);
    }

    final Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}

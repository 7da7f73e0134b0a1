package dev.holdfast.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.json.JsonMapper;

/**
 * A script of {@code integration/clients}: it drives one real client and writes a line of JSON for each of its checks.
 *
 * @param name the script's file, without its ending
 * @param fewestChecks how many checks it has at least, so that a script that stops early is noticed
 */
record ClientScript(String name, int fewestChecks) {
    private static final Path CLIENTS = Path.of("target", "clients").toAbsolutePath();
    private static final Duration MOST_TIME = Duration.ofMinutes(10);
    private static final JsonMapper JSON = new JsonMapper();

    private record Check(String name, boolean ok, String detail) {}

    /** Runs the script to its end. Its checks become tests, and so does that it ended well. */
    List<DynamicTest> run(Server server, Path folder) throws IOException {
        return run(server, folder, () -> {});
    }

    /** @param underway runs once, when the script has made its first few checks and has most of them before it */
    List<DynamicTest> run(Server server, Path folder, Runnable underway) throws IOException {
        Path scratch = Files.createDirectories(folder.resolve(name));
        Path errors = folder.resolve(name + ".err");
        Process process = start(server, scratch, errors);
        Thread limit = Thread.ofVirtual().start(() -> endAfter(process, MOST_TIME));
        List<DynamicTest> tests = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Check check = JSON.readValue(line, Check.class);
                tests.add(DynamicTest.dynamicTest(
                        check.name(),
                        () -> assertThat(check.ok()).as(check.detail()).isTrue()));
                if (tests.size() == 3) {
                    underway.run();
                }
            }
        } finally {
            limit.interrupt();
            end(process);
        }
        int checks = tests.size();
        tests.add(DynamicTest.dynamicTest("the script ran to its end", () -> {
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            assertThat(checks).isGreaterThanOrEqualTo(fewestChecks);
        }));
        return tests;
    }

    private Process start(Server server, Path scratch, Path errors) throws IOException {
        Path node = CLIENTS.resolve("node_modules/.bin/node");
        assertThat(node).as("the clients are installed by integration/run").exists();
        ProcessBuilder builder = new ProcessBuilder(
                        node.toString(), CLIENTS.resolve(name + ".mjs").toString())
                .directory(scratch.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("HOLDFAST_URL", server.url());
        builder.environment().put("HOLDFAST_TOKEN", server.token());
        builder.environment().put("HOLDFAST_ACCOUNT", server.account());
        builder.environment().put("HOLDFAST_SOURCES", Server.SOURCES.toString());
        return builder.start();
    }

    private static void endAfter(Process process, Duration time) {
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
            }
        } catch (InterruptedException ended) {
            // The script has ended by itself.
        }
    }

    /** Ends the script and whatever it has started. */
    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        try {
            process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}

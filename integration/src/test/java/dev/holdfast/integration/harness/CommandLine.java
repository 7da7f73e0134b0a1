package dev.holdfast.integration.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** The command line as a process of its own, as a person has it. Thread-safe. */
public final class CommandLine {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Map<String, String> variables;

    /** What a command came to. */
    public record Said(List<String> command, int exit, String text) {}

    /** @param variables such as {@code HOLDFAST_ADMIN} */
    public CommandLine(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Of a person who has the admin token of a server that has been started. */
    public static CommandLine of(HoldfastServer server) throws IOException {
        return new CommandLine(Map.of(
                "HOLDFAST_URL", server.store().base().toString(),
                "HOLDFAST_ADMIN", server.control().base().toString(),
                "HOLDFAST_TOKEN", server.secret()));
    }

    /** Runs a command that has to succeed. */
    public Said works(String... command) throws IOException, InterruptedException {
        Said said = run(List.of(command));
        Assertions.assertThat(said.exit())
                .as("holdfast " + String.join(" ", command) + ": " + said.text())
                .isZero();
        return said;
    }

    /** Starts a command, for a test that kills it. What it says is thrown away. */
    public Process start(String... command) throws IOException {
        return builder(List.of(command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The same, with what it says in a file. */
    public Process start(Path said, List<String> command) throws IOException {
        return builder(command).redirectOutput(said.toFile()).start();
    }

    /** Runs a command to its end. */
    public Said run(List<String> command) throws IOException, InterruptedException {
        Process process = builder(command).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("holdfast " + String.join(" ", command) + " does not end: " + text);
        }
        return new Said(command, process.exitValue(), text);
    }

    private ProcessBuilder builder(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                HoldfastServer.libraries(),
                "dev.holdfast.cli.Holdfast"));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().putAll(variables);
        return builder;
    }
}

package dev.holdfast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process of the run, with its complaints in a file and its processor time in view. */
final class Child implements AutoCloseable {
    private static final int COMPLAINT_LINES = 20;
    private static final long FAREWELL_SECONDS = 15;

    private final String name;
    private final Process process;
    private final Path errors;
    private final BufferedReader out;

    private Child(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a process whose output is read with {@link #line}; it must not say more than is read. */
    static Child talking(String name, Path folder, List<String> command) throws IOException {
        Path errors = folder.resolve(name + ".err");
        return new Child(
                name, new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** Starts a process whose output goes to a file. */
    static Child silent(String name, Path folder, List<String> command, Map<String, String> environment)
            throws IOException {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new Child(name, builder.start(), log);
    }

    boolean alive() {
        return process.isAlive();
    }

    void requireAlive() throws IOException {
        if (!alive()) {
            throw failure("ended while it was measured");
        }
    }

    /** Microseconds that the process and its children have spent on a processor so far, to 10 ms. */
    long cpuMicros() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToLong(spent -> TimeUnit.NANOSECONDS.toMicros(spent.toNanos()))
                .sum();
    }

    void say(String line) throws IOException {
        var in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(line + "\n");
        in.flush();
    }

    /** The next line the process says. */
    String line(Duration patience) throws IOException {
        CompletableFuture<String> said = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                String line = out.readLine();
                if (line == null) {
                    said.completeExceptionally(failure("ended"));
                } else {
                    said.complete(line);
                }
            } catch (IOException e) {
                said.completeExceptionally(e);
            }
        });
        try {
            return said.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure("ended");
        } catch (TimeoutException e) {
            throw failure("said nothing for " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("broken off", e);
        }
    }

    /** Waits for the process to end well. */
    void finish(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw failure("did not end within " + patience.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failure("failed with exit code " + process.exitValue());
        }
    }

    IOException failure(String what) {
        String complaint;
        try {
            List<String> lines = Files.readAllLines(errors);
            complaint = String.join("\n  ", lines.subList(Math.max(0, lines.size() - COMPLAINT_LINES), lines.size()));
        } catch (IOException e) {
            complaint = "";
        }
        return new IOException(name + " " + what + (complaint.isEmpty() ? "" : ":\n  " + complaint));
    }

    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}

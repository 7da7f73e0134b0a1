package dev.holdfast.integration.moving;

import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One {@code holdfast migrate start} as a process of its own, which can be killed. */
final class Migrator implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(Profile.number("migration.minutes", 20, 120));

    private final Process process;
    private final Path said;

    /** @param said for its output */
    Migrator(CommandLine person, List<String> command, Path said) throws IOException {
        this.said = said;
        process = person.start(said, command);
        process.getOutputStream().close();
    }

    String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has said so. */
    void awaitStep(String step, String provider) throws InterruptedException {
        String line = String.format("%-9s %s", step, provider);
        Awaiting.until(
                LONGEST,
                "the migrator says \"" + line + "\"",
                this::said,
                text -> text.contains(line) || !process.isAlive());
        if (!said().contains(line)) {
            throw new AssertionError("the migrator ended without \"" + line + "\": " + said());
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** @return its exit code */
    int await() throws InterruptedException {
        Awaiting.until(LONGEST, "the migrator ends", this::said, _ -> !process.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

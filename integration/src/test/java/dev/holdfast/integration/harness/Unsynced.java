package dev.holdfast.integration.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The library that remembers what a process has not synced (unsynced.c): builds it, says how to load it into a process, and
 * takes the unsynced bytes back once the process is dead.
 */
public final class Unsynced {
    private static final Path SOURCE = Path.of("src", "test", "c", "unsynced.c");

    /** @param changes of {@code files} files that were taken back, which were {@code bytes} bytes longer before */
    public record Lost(int files, int changes, long bytes) {}

    private final Path library;
    private final Path journal;
    private final Path root;

    /**
     * @param directory for the library and the journal; not within {@code root}
     * @param root the files below it are watched; it must exist
     */
    public Unsynced(Path directory, Path root) throws IOException, InterruptedException {
        this.library = directory.resolve("unsynced.so");
        this.journal = directory.resolve("unsynced.journal");
        this.root = root.toRealPath();
        List<String> compile = List.of(
                "gcc",
                "-shared",
                "-fPIC",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fvisibility=hidden",
                "-o",
                library.toString(),
                SOURCE.toAbsolutePath().toString());
        Process gcc = new ProcessBuilder(compile)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        if (gcc.waitFor() != 0) {
            throw new IOException("does not compile: " + String.join(" ", compile));
        }
    }

    /** Variables for the process to be watched. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "UNSYNCED_ROOT", root.toString(),
                "UNSYNCED_JOURNAL", journal.toString());
    }

    /**
     * Does to the files what a power cut does, once the process is dead, and begins a new journal.
     *
     * @return how many bytes were lost, of how many files
     */
    public Lost cutPower(PowerCut cut) throws IOException {
        if (!Files.exists(journal)) {
            return new Lost(0, 0, 0);
        }
        Lost lost = UnsyncedJournal.read(journal).undo(root, cut);
        Files.delete(journal);
        return lost;
    }
}

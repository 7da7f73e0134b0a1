package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone after use. It is on the disk of the checkout, since where /tmp is memory a sync costs nothing. */
public final class Folder implements AutoCloseable {
    private static final String PARENT = System.getProperty("holdfast.bench.folder", "target");

    private final Path path;

    private Folder(Path path) {
        this.path = path;
    }

    public static Folder make() throws IOException {
        Path parent = Files.createDirectories(Path.of(PARENT).toAbsolutePath());
        return new Folder(Files.createTempDirectory(parent, "run-"));
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}

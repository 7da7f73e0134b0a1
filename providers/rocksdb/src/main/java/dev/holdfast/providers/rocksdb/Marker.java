package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.Identity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code HOLDFAST} in the directory of a database, which says whose place this is. It is written last when a place is
 * made, so a directory without it holds no place, and it is looked at with every commit: RocksDB itself goes on writing into
 * files that have been deleted.
 */
record Marker(Path directory, Identity identity, @Nullable Object fileKey) {
    static final String NAME = "HOLDFAST";
    private static final String FORMAT = "holdfast place, format 1";

    /**
     * The marker of the place that is there; empty when there is none.
     *
     * @throws IOException when there is one that cannot be read or understood
     */
    static Optional<Marker> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        // The database's own root: without it there is no database, whatever else is left.
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() != 3
                    || !lines.get(0).equals(FORMAT)
                    || !lines.get(1).matches("id [0-9a-f]{32}")
                    || !lines.get(2).matches("generation [0-9]{1,18}")) {
                throw new IOException(file + " is not a marker of a holdfast place");
            }
            Identity identity = new Identity(
                    lines.get(1).substring("id ".length()),
                    Long.parseLong(lines.get(2).substring("generation ".length())));
            return Optional.of(new Marker(directory, identity, fileKey(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes the marker durably. */
    static Marker write(Path directory, Identity identity) throws IOException {
        Path file = directory.resolve(NAME);
        Path draft = directory.resolve(NAME + ".new");
        String text = FORMAT + "\nid " + identity.id() + "\ngeneration " + identity.generation() + "\n";
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        sync(draft);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        return new Marker(directory, identity, fileKey(file));
    }

    /** Whether the file that was read or written is still the one in the directory. */
    boolean stillThere() throws IOException {
        try {
            Object now = fileKey(directory.resolve(NAME));
            return now == null || now.equals(fileKey);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

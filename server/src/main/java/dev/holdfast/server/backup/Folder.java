package dev.holdfast.server.backup;

import dev.holdfast.server.token.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where everything lies below the directory of backups. What it makes is for its owner alone.
 *
 * <p>The directory itself is made at the start and never again: on a machine whose backup disk is not mounted, the place where it should be
 * is not to be filled.
 */
record Folder(Path root) {
    /** The ending of the name of a full backup that is not whole. */
    static final String PARTIAL = ".partial";

    static final String LINES = ".jsonl.gz";

    Path fulls() {
        return root.resolve("full");
    }

    Path archives() {
        return root.resolve("archive");
    }

    /** The archive of one node. */
    Path archive(String node) {
        return archives().resolve(node);
    }

    Path restores() {
        return root.resolve("restore");
    }

    void begin() throws IOException {
        if (!Files.isDirectory(root)) {
            privately(root);
        }
    }

    /** Makes a folder below the directory, which has to be there. */
    Path make(Path folder) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException(root.toString(), null, "the directory of backups is gone");
        }
        if (!Files.isDirectory(folder)) {
            make(parent(folder));
            privately(folder);
            sync(parent(folder));
        }
        return folder;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " lies in nothing");
        }
        return parent;
    }

    private static void privately(Path folder) throws IOException {
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Makes a file that is not there yet. */
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PrivateFile.OWNER_ONLY));
    }

    /** Makes durable what names a folder has. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What is in a folder, in the order of names; nothing when there is no such folder. */
    static List<Path> list(@Nullable Path folder) throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

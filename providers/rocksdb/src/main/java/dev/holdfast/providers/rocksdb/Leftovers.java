package dev.holdfast.providers.rocksdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a directory that is about to become a new place. It is moved into a folder within, never deleted: it may be the
 * only copy of something. Moved within, because the directory itself may be a mount point.
 */
final class Leftovers {
    private static final String ASIDE = "set-aside-";

    private Leftovers() {}

    static void setAside(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> left = new ArrayList<>();
        int last = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.matches(ASIDE + "[0-9]{1,9}")) {
                    last = Math.max(last, Integer.parseInt(name.substring(ASIDE.length())));
                } else if (!name.equals("lost+found")) {
                    left.add(entry);
                }
            }
        }
        if (left.isEmpty()) {
            return;
        }
        Path aside = directory.resolve(ASIDE + (last + 1));
        Files.createDirectory(aside);
        for (Path entry : left) {
            Files.move(entry, aside.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        Marker.sync(directory);
    }
}

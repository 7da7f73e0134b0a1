package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.NamespaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The full backups there are, by whichever node. Thread-safe. */
final class Fulls {
    /** One that another node is still making is younger. */
    private static final long ABANDONED_MILLIS = 7L * 86_400_000;
    /** The archive is kept from so long before a full backup that clocks may differ. */
    private static final long SKEW_MILLIS = 600_000;

    private final Folder folder;

    Fulls(Folder folder) {
        this.folder = folder;
    }

    Path at(Manifest manifest) {
        return folder.fulls().resolve(manifest.id());
    }

    /** Those that are whole, the oldest first. One whose manifest cannot be read is left where it is, and out. */
    List<Manifest> all() throws IOException {
        return all(new ArrayList<>());
    }

    /** @param problems gets a sentence for each that cannot be read */
    List<Manifest> all(List<String> problems) throws IOException {
        List<Manifest> all = new ArrayList<>();
        for (Path each : Folder.list(folder.fulls())) {
            if (!each.toString().endsWith(Folder.PARTIAL)) {
                try {
                    all.add(Manifest.read(each));
                } catch (IOException unreadable) {
                    problems.add(each + ": its manifest cannot be read: " + unreadable.getMessage());
                }
            }
        }
        all.sort(Comparator.comparingLong(Manifest::began));
        return all;
    }

    /** The newest that has all namespaces. */
    Optional<Manifest> newestGood() throws IOException {
        return all().stream().filter(Manifest::good).max(Comparator.comparingLong(Manifest::began));
    }

    /**
     * The newest that says what a namespace held, of those that were made by then; rather an older one that could vouch for every key, since
     * the archive has what came after it.
     */
    Optional<Manifest> base(NamespaceId namespace, long instant) throws IOException {
        return all().stream()
                .filter(full -> full.ended() <= instant && full.tells(namespace))
                .max(Comparator.comparing((Manifest full) -> vouched(full, namespace))
                        .thenComparingLong(Manifest::ended));
    }

    private static boolean vouched(Manifest full, NamespaceId namespace) {
        return full.part(namespace).map(Manifest.Part::confirmed).orElse(true);
    }

    /**
     * Removes what no restore within the window needs: full backups older than the one from which the oldest instant is restored, and files of
     * the archive from before that one.
     */
    void prune(long now, long windowMillis) throws IOException {
        long edge = now - windowMillis;
        Optional<Manifest> oldestNeeded = all().stream()
                .filter(full -> full.vouched() && full.ended() <= edge)
                .max(Comparator.comparingLong(Manifest::ended));
        if (oldestNeeded.isPresent()) {
            long from = oldestNeeded.get().began();
            for (Manifest full : all()) {
                if (full.began() < from) {
                    Folder.delete(at(full));
                }
            }
            for (Path archive : Folder.list(folder.archives())) {
                pruneArchive(archive, from - SKEW_MILLIS);
            }
        }
        for (Path each : Folder.list(folder.fulls())) {
            if (each.toString().endsWith(Folder.PARTIAL)
                    && Files.getLastModifiedTime(each).toMillis() < now - ABANDONED_MILLIS) {
                Folder.delete(each);
            }
        }
    }

    /** Removes what a node has left that ended while it made one. Not while it makes one. */
    void clear(String node) throws IOException {
        for (Path each : Folder.list(folder.fulls())) {
            if (each.toString().endsWith("-" + node + Folder.PARTIAL)) {
                Folder.delete(each);
            }
        }
    }

    /** What was written last to a file is not older than what it tells of. */
    private static void pruneArchive(Path archive, long before) throws IOException {
        List<Path> files = Folder.list(archive).stream().filter(Segment::is).toList();
        for (Path file : files.subList(0, Math.max(0, files.size() - 1))) {
            if (Files.getLastModifiedTime(file).toMillis() < before) {
                Files.delete(file);
            } else {
                return;
            }
        }
    }
}

package dev.holdfast.integration.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The changes that unsynced.c has journalled, by file. */
final class UnsyncedJournal {
    private static final int ENTRY_BYTES = 7 * Long.BYTES;
    private static final long CHANGED = 1;
    private static final long SYNCED = 2;
    private static final long BLIND = 3;

    private final Map<Inode, List<Change>> unsynced = new HashMap<>();
    private final Map<Inode, Boolean> blind = new HashMap<>();

    /** A file, whatever its name is by now. */
    private record Inode(long number, long bornNanos) {}

    /** Before it, the file had {@code size} bytes, and {@code replaced} at {@code offset}. */
    private record Change(long number, long size, long offset, byte[] replaced) {}

    private UnsyncedJournal() {}

    static UnsyncedJournal read(Path journal) throws IOException {
        UnsyncedJournal read = new UnsyncedJournal();
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(journal)).order(ByteOrder.LITTLE_ENDIAN);
        // An entry that the kill cut short is of a change that has not happened.
        while (all.remaining() >= ENTRY_BYTES) {
            long kind = all.getLong();
            Inode inode = new Inode(all.getLong(), all.getLong());
            long number = all.getLong();
            long size = all.getLong();
            long offset = all.getLong();
            long length = all.getLong();
            if (all.remaining() < length) {
                break;
            }
            byte[] replaced = new byte[(int) length];
            all.get(replaced);
            read.take(kind, inode, new Change(number, size, offset, replaced));
        }
        return read;
    }

    private void take(long kind, Inode inode, Change change) throws IOException {
        if (kind == CHANGED) {
            unsynced.computeIfAbsent(inode, _ -> new ArrayList<>()).add(change);
        } else if (kind == SYNCED) {
            // The entry's size field says up to which change.
            unsynced.computeIfAbsent(inode, _ -> new ArrayList<>())
                    .removeIf(earlier -> earlier.number() <= change.size());
        } else if (kind == BLIND) {
            blind.put(inode, true);
        } else {
            throw new IOException("no entry of this journal: kind " + kind);
        }
    }

    /** Takes the unsynced changes of the files below {@code root} back; those of files that are deleted have no effect any more. */
    Unsynced.Lost undo(Path root, PowerCut cut) throws IOException {
        int files = 0;
        int changes = 0;
        long bytes = 0;
        List<Path> present;
        try (Stream<Path> walk = Files.walk(root)) {
            present = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path path : present) {
            Inode inode = inode(path);
            if (blind.containsKey(inode)) {
                throw new IOException(path + " was changed in a way that cannot be taken back");
            }
            List<Change> mine = unsynced.getOrDefault(inode, List.of());
            if (!mine.isEmpty()) {
                long before = Files.size(path);
                undo(path, mine, cut);
                files++;
                changes += mine.size();
                bytes += before - Files.size(path);
            }
        }
        return new Unsynced.Lost(files, changes, bytes);
    }

    private static void undo(Path path, List<Change> changes, PowerCut cut) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (cut.next()) {
                case GONE -> undo(file, changes);
                case TORN -> {
                    int torn = (int) cut.anyBelow(changes.size());
                    undo(file, changes.subList(torn + 1, changes.size()));
                    Change half = changes.get(torn);
                    long appended = file.size() - half.size();
                    if (appended > 0) {
                        file.truncate(half.size() + cut.anyBelow(appended));
                    } else {
                        undo(file, List.of(half));
                    }
                }
                case ZEROED -> {
                    long length = file.size();
                    undo(file, changes);
                    if (file.size() < length) {
                        // Writing the last byte makes zeros of all between.
                        file.write(ByteBuffer.allocate(1), length - 1);
                    }
                }
            }
        }
    }

    private static void undo(FileChannel file, List<Change> changes) throws IOException {
        for (Change change : changes.reversed()) {
            if (change.replaced().length > 0) {
                file.write(ByteBuffer.wrap(change.replaced()), change.offset());
            }
            if (file.size() > change.size()) {
                file.truncate(change.size());
            }
        }
    }

    private static Inode inode(Path path) throws IOException {
        return new Inode(
                (Long) Files.getAttribute(path, "unix:ino"),
                Files.readAttributes(path, BasicFileAttributes.class)
                        .creationTime()
                        .to(TimeUnit.NANOSECONDS));
    }
}

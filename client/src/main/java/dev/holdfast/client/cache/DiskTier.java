package dev.holdfast.client.cache;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept on disk, in segments; an index of it is in memory. It survives the death of the process, kill -9 included: what
 * was written is with the operating system. Nothing is synced, because a power cut may cost a cache its tail.
 *
 * <p>When there are too many bytes the oldest segment goes. If much of what is there is out of date, everything in it that
 * still counts is written again; otherwise only what has been used since it was written. Not thread-safe.
 */
final class DiskTier implements AutoCloseable {
    private static final long SMALLEST_SEGMENT = 16 << 10;
    private static final long LARGEST_SEGMENT = 64 << 20;

    private final Path folder;
    private final long most;
    private final long segmentBytes;
    private final RandomAccessFile lockFile;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<Place, Spot> index = new HashMap<>();
    private long total;
    private long live;

    /** Where the newest of a key is, and what has been learned of it since it was written. */
    private static final class Spot {
        final Segment segment;
        final long offset;
        final int size;
        final String version;
        long vouchedAt;
        int trust;
        boolean used;

        Spot(Segment segment, long offset, int size, Known known, int trust) {
            this.segment = segment;
            this.offset = offset;
            this.size = size;
            this.version = known.version();
            this.vouchedAt = known.vouchedAt();
            this.trust = trust;
        }
    }

    /**
     * @param most bytes of all segments
     * @throws IOException also when another process, or another client in this one, uses the folder
     */
    DiskTier(Path folder, long most) throws IOException {
        this.folder = Files.exists(folder) ? folder : create(folder);
        this.most = most;
        this.segmentBytes = Math.clamp(most / 8, SMALLEST_SEGMENT, LARGEST_SEGMENT);
        this.lockFile = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
        try {
            lock();
            recover();
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Readable by its owner only, where files have owners: what is kept here needed a token to read. */
    private static Path create(Path folder) throws IOException {
        Files.createDirectories(folder);
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = lockFile.getChannel().tryLock();
        } catch (OverlappingFileLockException mine) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("the near cache in " + folder + " is used by another client");
        }
    }

    private void recover() throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(folder)) {
            found = files.filter(Segment::named).sorted().toList();
        }
        for (Path path : found) {
            Segment segment = Segment.open(path);
            if (segment == null) {
                Files.delete(path);
                continue;
            }
            segments.addLast(segment);
            segment.recover(this::recovered);
            total += segment.length();
        }
        makeRoom();
    }

    private void recovered(Segment segment, long offset, int size, byte[] bytes) {
        switch (Entries.read(bytes)) {
            case Entries.Put put -> point(put.place(), new Spot(segment, offset, size, put.known(), Trust.FIRST));
            case Entries.Touch touch -> {
                Spot spot = index.get(touch.place());
                if (spot != null) {
                    spot.vouchedAt = touch.vouchedAt();
                    spot.trust = touch.doubted() ? Trust.NONE : Trust.FIRST;
                }
            }
            case Entries.Forget forget -> unpoint(forget.place());
            case null -> {
                // Of another program.
            }
        }
    }

    @Nullable
    Held get(Place place) throws IOException {
        Spot spot = index.get(place);
        if (spot == null) {
            return null;
        }
        Known known = read(spot);
        if (known == null) {
            unpoint(place);
            return null;
        }
        spot.used = true;
        return new Held(known, spot.trust);
    }

    private @Nullable Known read(Spot spot) throws IOException {
        byte[] bytes = spot.segment.read(spot.offset);
        return bytes != null && Entries.read(bytes) instanceof Entries.Put put
                ? put.known().vouched(put.known().confirmed(), spot.vouchedAt)
                : null;
    }

    /** What is too large is not kept, and what was there before is forgotten. */
    void put(Place place, Held held) throws IOException {
        byte[] bytes = Entries.bytes(new Entries.Put(place, held.known()));
        if (bytes.length > segmentBytes / 2) {
            forget(place);
            return;
        }
        write(place, bytes, held);
        makeRoom();
    }

    private void write(Place place, byte[] bytes, Held held) throws IOException {
        long offset = append(bytes);
        point(place, new Spot(segments.getLast(), offset, bytes.length + Segment.OVERHEAD, held.known(), held.trust()));
        if (held.trust() == Trust.NONE) {
            append(Entries.bytes(new Entries.Touch(place, held.known().vouchedAt(), true)));
        }
    }

    /** The same value, with something new learned of it. */
    void touch(Place place, Held held) throws IOException {
        Spot spot = index.get(place);
        if (spot == null || !spot.version.equals(held.known().version())) {
            put(place, held);
            return;
        }
        append(Entries.bytes(new Entries.Touch(place, held.known().vouchedAt(), held.trust() == Trust.NONE)));
        spot.vouchedAt = held.known().vouchedAt();
        spot.trust = held.trust();
        makeRoom();
    }

    void forget(Place place) throws IOException {
        if (index.containsKey(place)) {
            append(Entries.bytes(new Entries.Forget(place)));
            unpoint(place);
            makeRoom();
        }
    }

    private long append(byte[] entry) throws IOException {
        if (segments.isEmpty() || segments.getLast().length() + entry.length > segmentBytes) {
            long number = segments.isEmpty() ? 1 : segments.getLast().number() + 1;
            Segment next = Segment.create(folder, number);
            segments.addLast(next);
            total += next.length();
        }
        Segment last = segments.getLast();
        long offset = last.append(entry);
        total += last.length() - offset;
        return offset;
    }

    private void point(Place place, Spot spot) {
        unpoint(place);
        index.put(place, spot);
        live += spot.size;
    }

    private void unpoint(Place place) {
        Spot before = index.remove(place);
        if (before != null) {
            live -= before.size;
        }
    }

    private void makeRoom() throws IOException {
        while (total > most && segments.size() > 1) {
            Segment oldest = segments.removeFirst();
            total -= oldest.length();
            rescue(oldest);
            oldest.delete();
        }
    }

    /** Writes again what is worth it of a segment that goes, and takes the rest of it out of the index. */
    private void rescue(Segment oldest) throws IOException {
        boolean mostlyDead = live <= most / 4 * 3;
        long room = mostlyDead ? Long.MAX_VALUE : oldest.length() / 2;
        List<Map.Entry<Place, Spot>> inIt = index.entrySet().stream()
                .filter(each -> each.getValue().segment == oldest)
                .toList();
        for (Map.Entry<Place, Spot> each : inIt) {
            Place place = each.getKey();
            Spot spot = each.getValue();
            Known known = (mostlyDead || spot.used) && spot.size <= room ? read(spot) : null;
            if (known == null) {
                unpoint(place);
            } else {
                room -= spot.size;
                write(place, Entries.bytes(new Entries.Put(place, known)), new Held(known, spot.trust));
            }
        }
    }

    long bytes() {
        return total;
    }

    int count() {
        return index.size();
    }

    /** Takes everything off the disk, when it can no longer be relied on to hold the newest. */
    void destroy() {
        index.clear();
        for (Segment segment : segments) {
            try {
                segment.delete();
            } catch (IOException _) {
                // The disk fails; that is why.
            }
        }
        segments.clear();
        total = 0;
        live = 0;
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
        lockFile.close();
    }
}

package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts changes into the order of their keys, the newest of each key alone: in memory up to a bound, and past it in sorted files that are merged
 * as they are read. Used by one thread.
 */
final class Runs implements AutoCloseable {
    private static final long MOST_BYTES = 48L << 20;
    private static final int OVERHEAD = 200;

    private final Path folder;
    private final long mostBytes;
    private final TreeMap<Key, Held> held = new TreeMap<>();
    private final List<Path> files = new ArrayList<>();
    private long bytes;

    private record Held(Version version, ObjectNode line, int size) {}

    /** @param folder where files may lie, for this alone */
    Runs(Path folder) {
        this(folder, MOST_BYTES);
    }

    Runs(Path folder, long mostBytes) {
        this.folder = folder;
        this.mostBytes = mostBytes;
    }

    void add(Key key, Version version, ObjectNode line, int size) throws IOException {
        Held before = held.get(key);
        if (before != null && !replaces(version, line, before)) {
            return;
        }
        held.put(key, new Held(version, line, size + OVERHEAD));
        bytes += size + OVERHEAD - (before == null ? 0 : before.size());
        if (bytes > mostBytes) {
            spill();
        }
    }

    /** A change that was told twice may have been missed the first time. */
    private static boolean replaces(Version version, ObjectNode line, Held before) {
        int order = version.compareTo(before.version());
        return order > 0 || (order == 0 && !Line.isMissed(line));
    }

    private void spill() throws IOException {
        Path file = folder.resolve("run-" + files.size() + Folder.LINES);
        Files.deleteIfExists(file);
        try (LineFile run = new LineFile(file)) {
            for (Held each : held.values()) {
                run.line(each.line());
            }
            run.flush();
        }
        files.add(file);
        held.clear();
        bytes = 0;
    }

    /** All of them, each a sorted sequence. No more is added afterwards. */
    List<Sorted> sorted() throws IOException {
        List<Sorted> all = new ArrayList<>();
        for (Path file : files) {
            all.add(new OfFile(file, false));
        }
        Iterator<Held> rest = held.values().iterator();
        all.add(new Sorted() {
            @Override
            public @Nullable Line next() throws IOException {
                return rest.hasNext() ? Line.of(rest.next().line()) : null;
            }

            @Override
            public void close() {
                held.clear();
            }
        });
        return all;
    }

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** Lines in the order of their keys. */
    interface Sorted extends AutoCloseable {
        /** Null at the end. */
        @Nullable
        Line next() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** The lines of a file, all of which is there. */
    static final class OfFile implements Sorted {
        private final Lines lines;
        private final boolean export;

        /** @param export whether it is that of a namespace, with a first and a last line, which says that it is whole */
        OfFile(Path file, boolean export) throws IOException {
            this.lines = new Lines(file);
            this.export = export;
        }

        @Override
        public @Nullable Line next() throws IOException {
            for (byte[] text = lines.next(); text != null; text = lines.next()) {
                ObjectNode line = Line.parse(text, 0, text.length);
                if (line.has("key")) {
                    return Line.of(line);
                }
                if (export && line.has("end")) {
                    return null;
                }
            }
            lines.requireWhole();
            if (export) {
                throw new IOException("the export of a namespace has no last line");
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}

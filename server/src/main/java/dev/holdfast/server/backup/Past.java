package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.server.backup.Runs.Sorted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a namespace held at a moment, key by key: the newest of what a full backup from before has and of what the archives of all nodes tell
 * from its begin up to the moment. Used by one thread.
 */
final class Past implements Sorted {
    /** By so much another node's clock may be behind: from so long before the full backup its changes are looked at. */
    private static final long SKEW_MILLIS = 10_000;

    /** What is archived has its moment a little later than the mark that it belongs to. */
    private static final long MARGIN_MILLIS = 60_000;

    private final Runs runs;
    private final Sorted all;

    private Past(Runs runs, Sorted all) {
        this.runs = runs;
        this.all = all;
    }

    /**
     * What to look at.
     *
     * @param full its file; null when there was no such namespace
     */
    record Sources(Manifest base, @Nullable Path full, SortedMap<String, List<Summary>> archives) {}

    static Past of(Sources sources, NamespaceId namespace, byte[] prefix, long to, Path scratch, Progress progress)
            throws IOException {
        Runs runs = new Runs(scratch);
        for (Map.Entry<String, List<Summary>> node : sources.archives().entrySet()) {
            boolean own = node.getKey().equals(sources.base().node());
            long from = sources.base().began() - (own ? 0 : SKEW_MILLIS);
            read(node.getValue(), namespace, prefix, from, to, runs, progress);
        }
        List<Sorted> sorted = new ArrayList<>(runs.sorted());
        if (sources.full() != null) {
            sorted.add(wanted(new Runs.OfFile(sources.full(), true), prefix, to));
        }
        return new Past(runs, new Merged(sorted));
    }

    /** Files from those that may tell of {@code from} to the one that tells all up to {@code to}. */
    private static void read(
            List<Summary> files, NamespaceId namespace, byte[] prefix, long from, long to, Runs runs, Progress progress)
            throws IOException {
        String id = namespace.toString();
        for (int i = 0; i < files.size(); i++) {
            boolean passed = i + 1 < files.size() && files.get(i + 1).from() < from - MARGIN_MILLIS;
            if (passed) {
                continue;
            }
            if (files.get(i).from() >= to && i > 0 && files.get(i - 1).through() >= to) {
                return;
            }
            try (Lines lines = new Lines(files.get(i).file())) {
                long before = 0;
                for (byte[] text = lines.next(); text != null; text = lines.next()) {
                    ObjectNode line = Line.parse(text, 0, text.length);
                    JsonNode mark = line.path(Segment.MARK);
                    if (mark.path("through").asLong(0) >= to && mark.has("through")) {
                        // What comes after was acknowledged after.
                        return;
                    }
                    if (line.path(Line.AT).asLong(0) >= from
                            && line.path(Line.NAMESPACE).asString("").equals(id)) {
                        add(line, text.length, prefix, to, runs);
                    }
                    progress.add(lines.at() - before);
                    before = lines.at();
                }
            }
        }
    }

    private static void add(ObjectNode line, int size, byte[] prefix, long to, Runs runs) throws IOException {
        Key key = Line.key(line);
        Version version = Line.version(line);
        if (key.startsWith(prefix) && version.millis() <= to) {
            runs.add(key, version, line, size);
        }
    }

    /** What a node with a clock that is ahead has written over is not known from the full backup. */
    private static Sorted wanted(Sorted sorted, byte[] prefix, long to) {
        return new Sorted() {
            @Override
            public @Nullable Line next() throws IOException {
                Line line = sorted.next();
                while (line != null && !line.key().startsWith(prefix)) {
                    line = sorted.next();
                }
                return line == null || line.version().millis() <= to ? line : new Line(line.key(), Version.NONE, null);
            }

            @Override
            public void close() throws IOException {
                sorted.close();
            }
        };
    }

    /** What a key held then, which may be a deletion; {@link Line#record} is null when nobody knows. Null at the end. */
    @Override
    public @Nullable Line next() throws IOException {
        return all.next();
    }

    @Override
    public void close() throws IOException {
        all.close();
        runs.close();
    }
}

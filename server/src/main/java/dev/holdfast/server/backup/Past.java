package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Position;
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
    /**
     * By so much the clocks of two nodes may differ: each by a minute from those of the others, since {@code replication.max-skew} allows no
     * more. From so long before the full backup changes of other nodes are looked at, and from twice as long before it what each node has
     * deleted: what is not in the full backup any more does not come back by a write that it came after.
     */
    private static final long SKEW_MILLIS = 120_000;

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
        Position told = Position.parse(sources.base().position());
        for (Map.Entry<String, List<Summary>> node : sources.archives().entrySet()) {
            Begin begin = node.getKey().equals(sources.base().node())
                    ? new Begin(sources.base().began(), Long.MIN_VALUE, told)
                    : new Begin(sources.base().began(), sources.base().began() - SKEW_MILLIS, new Position(0, 0));
            new Archive(namespace, prefix, begin, to, runs, progress).read(node.getValue());
        }
        List<Sorted> sorted = new ArrayList<>(runs.sorted());
        if (sources.full() != null) {
            sorted.add(wanted(new Runs.OfFile(sources.full(), true), prefix, to));
        }
        return new Past(runs, new Merged(sorted));
    }

    /**
     * Where the full backup leaves off in an archive. Of the node that made it that is a position in its feed, which no clock that is set moves.
     *
     * @param base when the full backup began
     * @param from moment of the first change that may not be in it, by the node's clock
     * @param told up to where all is in it
     */
    private record Begin(long base, long from, Position told) {
        /** Of the first deletion that may be newer than a write that is looked at. */
        long deletesFrom() {
            return base - 2 * SKEW_MILLIS;
        }

        boolean past(Summary next) {
            boolean inTheFull = from != Long.MIN_VALUE || next.after().compareTo(told) <= 0;
            return inTheFull && next.from() < deletesFrom() - MARGIN_MILLIS;
        }

        boolean wants(ObjectNode line) {
            long at = line.path(Line.AT).asLong(0);
            return at >= from || (Line.deletes(line) && at >= deletesFrom());
        }

        /** What was told before it is in it, but for what is gone from it. */
        boolean keeps(ObjectNode line) {
            return Line.deletes(line) && line.path(Line.AT).asLong(0) >= deletesFrom();
        }
    }

    /** The archive of one node, from where the full backup leaves off to the first mark that has all up to the moment. */
    private static final class Archive {
        private final String namespace;
        private final byte[] prefix;
        private final Begin begin;
        private final long to;
        private final Runs runs;
        private final Progress progress;
        /** Since the last mark. */
        private final List<ObjectNode> lines = new ArrayList<>();

        private long read;

        Archive(NamespaceId namespace, byte[] prefix, Begin begin, long to, Runs runs, Progress progress) {
            this.namespace = namespace.toString();
            this.prefix = prefix;
            this.begin = begin;
            this.to = to;
            this.runs = runs;
            this.progress = progress;
        }

        void read(List<Summary> files) throws IOException {
            for (int i = 0; i < files.size(); i++) {
                boolean passed = i + 1 < files.size() && begin.past(files.get(i + 1));
                if (!passed && !file(files.get(i))) {
                    break;
                }
            }
            take();
        }

        /** @return whether what comes after it is wanted, too */
        private boolean file(Summary file) throws IOException {
            read = 0;
            try (Lines in = new Lines(file.file())) {
                for (byte[] text = in.next(); text != null; text = in.next()) {
                    ObjectNode line = Line.parse(text, 0, text.length);
                    if (line.has(Segment.MARK)) {
                        if (!mark(line.path(Segment.MARK))) {
                            return false;
                        }
                    } else if (line.path(Line.NAMESPACE).asString("").equals(namespace) && begin.wants(line)) {
                        lines.add(line);
                    }
                    progress.add(in.at() - read);
                    read = in.at();
                }
            }
            return true;
        }

        private boolean mark(JsonNode mark) throws IOException {
            if (Summary.place(mark.path("position")).compareTo(begin.told()) <= 0) {
                lines.removeIf(line -> !begin.keeps(line));
            }
            take();
            // What comes after was acknowledged after.
            return mark.path("through").asLong(0) < to;
        }

        private void take() throws IOException {
            for (ObjectNode line : lines) {
                Key key = Line.key(line);
                Version version = Line.version(line);
                if (key.startsWith(prefix) && version.millis() <= to) {
                    runs.add(key, version, line, Line.size(line));
                }
            }
            lines.clear();
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

package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The archive of one node as it is written: the file that is open, and what it says of how far it is. After a failure or a crash it goes on
 * in a new file, after the last mark of the one before. Used by one thread.
 */
final class ArchiveFile {
    private static final long LARGEST = 64L << 20;
    private static final long LONGEST_MILLIS = 3_600_000;
    /** While nothing happens a mark is written this often, or when somebody asks. */
    private static final long IDLE_MILLIS = 30_000;

    private final Folder folder;
    private final String node;
    private final Time time;
    private @Nullable LineFile out;
    private Position position = new Position(0, 0);
    private long beganAt;
    private long coveredFrom;
    /** Up to when all is in the file, though not yet durably. */
    private long reached;
    /** The same, durably, as the last mark says. */
    private long marked;

    private long changes;
    private long changesAtMark;

    ArchiveFile(Folder folder, String node, Time time) {
        this.folder = folder;
        this.node = node;
        this.time = time;
    }

    /** @param newest where the archive begins when there is none */
    void open(Supplier<Position> newest) throws IOException {
        if (out != null) {
            return;
        }
        Path files = folder.make(folder.archive(node));
        long now = time.wallMillis();
        Summary last = last(files);
        if (last == null) {
            coveredFrom = now;
            marked = now;
            position = newest.get();
        } else {
            coveredFrom =
                    last.gaps().isEmpty() ? coveredFrom : last.gaps().getLast().to();
            marked = last.through();
            position = last.position();
        }
        begin(files, now);
    }

    /** The newest file that says something, ended as it should be; those after it say nothing and are removed. */
    private static @Nullable Summary last(Path files) throws IOException {
        List<Path> all = Folder.list(files).stream().filter(Segment::is).toList();
        for (Path file : all.reversed()) {
            Summary summary = Summary.of(file);
            if (summary.whole() == 0) {
                Files.delete(file);
                continue;
            }
            if (!summary.ended()) {
                Segment.cut(file, summary.whole());
                Segment.end(file, summary.changes(), summary.textSum());
            }
            return summary;
        }
        return null;
    }

    private void begin(Path files, long now) throws IOException {
        long name = Math.max(now, marked);
        Path file = Segment.file(files, name);
        while (Files.exists(file)) {
            file = Segment.file(files, ++name);
        }
        LineFile begun = new LineFile(file);
        out = begun;
        beganAt = now;
        reached = marked;
        changes = 0;
        changesAtMark = 0;
        begun.line(Segment.header(node, now, marked, position));
        begun.flush();
        Folder.sync(files);
    }

    private LineFile out() throws IOException {
        LineFile open = out;
        if (open == null) {
            throw new IOException("the archive is not open");
        }
        return open;
    }

    Position position() {
        return position;
    }

    void change(long at, NamespaceId namespace, Key key, Record record) throws IOException {
        out().line(Line.change(at, namespace, key, record));
        changes++;
    }

    void missed(long at, NamespaceId namespace, Key key, Version version, String why) throws IOException {
        out().line(Line.missed(at, namespace, key, version, why));
        changes++;
    }

    /** Changes between what is archived and {@code now} cannot be told. */
    void gap(long now, Position resumeAt, String why) throws IOException {
        out().line(Segment.gap(reached, now, why));
        changes++;
        position = resumeAt;
        reached = now;
        coveredFrom = now;
    }

    void advance(Position next) {
        position = next;
    }

    /** All that was acknowledged before is in the file. */
    void through(long millis) {
        reached = Math.max(reached, millis);
    }

    /**
     * Makes durable what there is, with a mark after it.
     *
     * @param asked whether somebody waits for a mark, though nothing has happened
     */
    void flush(boolean asked) throws IOException {
        LineFile open = out();
        if (changes == changesAtMark && !asked && reached - marked < IDLE_MILLIS) {
            return;
        }
        open.line(Segment.mark(reached, position));
        open.flush();
        marked = reached;
        boolean idle = changes == 0;
        changesAtMark = changes;
        if (open.size() > LARGEST || (!idle && time.wallMillis() - beganAt > LONGEST_MILLIS)) {
            end();
            begin(folder.archive(node), time.wallMillis());
        }
    }

    private void end() throws IOException {
        LineFile open = out();
        open.line(Segment.end(changes, open.textSum()));
        open.flush();
        open.close();
        out = null;
    }

    /** Up to when all is durable. */
    long marked() {
        return marked;
    }

    /** Up to when all is durable, though no mark may say so yet. */
    long durable() {
        return changes == changesAtMark ? reached : marked;
    }

    /** Since when there is no gap, as far as this process knows; 0 for since before it. */
    long coveredFrom() {
        return coveredFrom;
    }

    /** Writes no more to the file, which has failed; what it has is looked at when it is opened anew. */
    void abandon() {
        LineFile open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyTold) {
                // Whoever abandons it has told why.
                return;
            }
        }
    }

    void close() throws IOException {
        if (out != null) {
            flush(true);
            end();
        }
    }
}

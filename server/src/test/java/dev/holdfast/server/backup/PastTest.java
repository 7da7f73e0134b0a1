package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.server.v1.ExportLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class PastTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);
    private static final NamespaceId OTHER = new NamespaceId(7, 9);
    private static final long BEGAN = 1_800_000_000_000L;
    private static final Position AT = new Position(1, 1);

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() throws IOException {
        folder = new Folder(directory.resolve("kept"));
        folder.begin();
    }

    private static Record record(long second, int stamp, String value) {
        return Record.of(Version.of(BEGAN + 1_000 * second, 0, stamp), value.getBytes(StandardCharsets.UTF_8));
    }

    private Path full(Map<String, Record> holds) throws IOException {
        Path at = folder.make(folder.fulls()).resolve("f" + Folder.LINES);
        try (LineFile file = new LineFile(at)) {
            Namespace namespace = new Namespace(
                    ROOM, "room", "account", "", "", new Namespace.Policy(2, Namespace.WhenShort.REFUSE, false), 1, 0);
            file.line(ExportLine.header(namespace, BEGAN, new byte[0], true));
            for (Map.Entry<String, Record> each : new TreeMap<>(holds).entrySet()) {
                file.line(ExportLine.of(Key.of(each.getKey()), each.getValue()));
            }
            file.line(ExportLine.end(holds.size(), true, file.textSum()));
            file.flush();
        }
        return at;
    }

    private void archive(String node, long from, ObjectNode... lines) throws IOException {
        Path files = folder.make(folder.archive(node));
        try (LineFile file = new LineFile(Segment.file(files, from))) {
            file.line(Segment.header(node, from, from, AT));
            for (ObjectNode line : lines) {
                file.line(line);
            }
            file.flush();
        }
    }

    private static ObjectNode put(long second, int stamp, String key, String value) {
        return Line.change(BEGAN + 1_000 * second, ROOM, Key.of(key), record(second, stamp, value));
    }

    private static ObjectNode mark(long second) {
        return Segment.mark(BEGAN + 1_000 * second, new Position(1, 100 + second));
    }

    /** What each key held at a second after the begin of the full backup. */
    private Map<String, String> past(Path full, long second, String prefix) throws IOException {
        SortedMap<String, List<Summary>> archives = new Coverage(folder).summaries();
        Manifest base = new Manifest("f", "n1", BEGAN, BEGAN + 500, "1.100", true, List.of());
        Map<String, String> found = new TreeMap<>();
        Path scratch = folder.make(directory.resolve("kept").resolve("scratch"));
        try (Past past = Past.of(
                new Past.Sources(base, full, archives),
                ROOM,
                prefix.getBytes(StandardCharsets.UTF_8),
                BEGAN + 1_000 * second,
                scratch,
                new Progress(new SystemTime()))) {
            for (Line line = past.next(); line != null; line = past.next()) {
                Record record = line.record();
                found.put(
                        line.key().toString(),
                        record == null
                                ? "?"
                                : record.tombstone() ? "-" : new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Test
    void theNewestOfAllNodesUpToTheMomentIsWhatWas() throws IOException {
        Path full = full(Map.of("a", record(-5, 1, "full"), "b", record(-5, 1, "full"), "x", record(-5, 1, "full")));
        archive(
                "n1",
                BEGAN,
                put(1, 1, "a", "one"),
                Line.change(BEGAN + 2_000, OTHER, Key.of("b"), record(2, 1, "another room's")),
                Line.change(
                        BEGAN + 3_000,
                        ROOM,
                        Key.of("b"),
                        Record.tombstone(record(3, 1, "").version())),
                put(4, 1, "c", "made"),
                mark(5),
                put(6, 1, "a", "late"),
                mark(20));
        archive(
                "n2",
                BEGAN,
                put(2, 2, "a", "two"),
                Line.missed(BEGAN + 4_000, ROOM, Key.of("d"), record(4, 2, "").version(), "late"),
                mark(20));
        assertThat(past(full, 5, "")).isEqualTo(Map.of("a", "two", "b", "-", "c", "made", "d", "?", "x", "full"));
        assertThat(past(full, 1, "")).isEqualTo(Map.of("a", "one", "b", "full", "x", "full"));
        assertThat(past(full, 7, "a")).isEqualTo(Map.of("a", "late"));
    }

    @Test
    void whatWasAcknowledgedAfterTheMomentIsNotPartOfItHoweverOldItsVersion() throws IOException {
        Path full = full(Map.of());
        ObjectNode imported = Line.change(BEGAN + 9_000, ROOM, Key.of("a"), record(-100, 1, "imported"));
        archive("n1", BEGAN, mark(5), imported, mark(20));
        assertThat(past(full, 5, "")).isEmpty();
        assertThat(past(full, 10, "")).isEqualTo(Map.of("a", "imported"));
    }

    @Test
    void whatWasArchivedBeforeTheFullBackupBeganDoesNotComeBack() throws IOException {
        Path full = full(Map.of());
        archive("n1", BEGAN - 400_000, put(-50, 1, "deleted since", "v"), mark(-10), mark(20));
        archive("n2", BEGAN - 400_000, put(-300, 2, "deleted since", "v"), mark(-10), mark(20));
        assertThat(past(full, 5, "")).isEmpty();
    }

    private static ObjectNode delete(long second, int stamp, String key) {
        Record deleted = Record.tombstone(record(second, stamp, "").version());
        return Line.change(BEGAN + 1_000 * second, ROOM, Key.of(key), deleted);
    }

    @Test
    void whatANodeWithAClockBehindWroteAfterTheFullBackupBeganIsPartOfIt() throws IOException {
        Path full = full(Map.of());
        archive("n1", BEGAN - 400_000, mark(-10), mark(20));
        archive("n2", BEGAN - 400_000, put(-55, 2, "k", "written by a clock that is a minute behind"), mark(20));
        assertThat(past(full, 5, "")).isEqualTo(Map.of("k", "written by a clock that is a minute behind"));
    }

    @Test
    void whatAnotherNodeDeletedBeforeTheFullBackupBeganDoesNotComeBack() throws IOException {
        Path full = full(Map.of());
        // The one that made the full backup, whose archive is passed over up to there; and others.
        archive("n1", BEGAN - 400_000, delete(-40, 1, "x"), mark(-10), mark(20));
        archive("n2", BEGAN - 400_000, put(-50, 2, "x", "v"), put(-100, 2, "y", "v"), mark(-10), mark(20));
        archive("n3", BEGAN - 400_000, delete(-60, 3, "y"), mark(-10), mark(20));
        assertThat(past(full, 5, "")).isEqualTo(Map.of("x", "-", "y", "-"));
    }

    @Test
    void aClockThatIsSetBackHidesNothing() throws IOException {
        Path full = full(Map.of());
        ObjectNode late = Line.change(BEGAN - 3_600_000, ROOM, Key.of("a"), record(3, 1, "v"));
        archive("n1", BEGAN - 100_000, mark(-10), late, mark(4), mark(20));
        assertThat(past(full, 5, "")).isEqualTo(Map.of("a", "v"));
    }

    @Test
    void whatANodeWithAClockAheadHasWrittenOverIsNotKnown() throws IOException {
        Path full = full(Map.of("a", record(50, 1, "from the future")));
        archive("n1", BEGAN, mark(20));
        assertThat(past(full, 5, "")).isEqualTo(Map.of("a", "?"));
    }

    @Test
    void aHoleOfAnyNodeIsNamed() throws IOException {
        archive("n1", BEGAN, put(1, 1, "a", "one"), mark(20));
        archive("n2", BEGAN, mark(3), Segment.gap(BEGAN + 3_000, BEGAN + 8_000, "a test"), mark(20));
        SortedMap<String, List<Summary>> archives = new Coverage(folder).summaries();
        Registered both = new Registered(Set.of("n1", "n2"), true);
        assertThat(Coverage.holes(archives, both, BEGAN, BEGAN + 2_000)).isEmpty();
        assertThat(Coverage.holes(archives, both, BEGAN, BEGAN + 9_000))
                .singleElement()
                .asString()
                .contains("n2")
                .contains("from 2027-01-15T08:00:03Z to 2027-01-15T08:00:08Z");
        assertThat(Coverage.holes(archives, both, BEGAN + 8_000, BEGAN + 9_000)).isEmpty();
        assertThat(Coverage.holes(archives, both, BEGAN, BEGAN + 30_000)).hasSize(2);
        assertThat(Coverage.holes(archives, new Registered(Set.of("n1", "n2", "n3"), true), BEGAN, BEGAN + 2_000))
                .containsExactly("There is no archive of node n3.");
        // One that was removed has written nothing since.
        Registered one = new Registered(Set.of("n1"), true);
        assertThat(Coverage.holes(archives, one, BEGAN + 8_000, BEGAN + 20_000)).isEmpty();
        Registered some = new Registered(Set.of("n1", "n2"), false);
        assertThat(Coverage.holes(archives, some, BEGAN, BEGAN + 2_000))
                .containsExactly("Nobody can say now which nodes there are, so the archive of one may be missing.");
    }
}

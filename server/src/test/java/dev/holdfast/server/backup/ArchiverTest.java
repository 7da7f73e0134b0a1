package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.server.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiverTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final Written written = new Written();
    private final ArchiveStatus status = new ArchiveStatus();
    private Folder folder;
    private ArchiveFile file;
    private Archiver archiver;

    /** A feed and a store in one: what is written is told, and read back. */
    private static final class Written implements ChangeLog, Store {
        final List<Change> told = new ArrayList<>();
        final List<Change> unsettled = new ArrayList<>();
        final Map<Key, Record> holds = new HashMap<>();
        long epoch = 1;
        boolean gap;

        void tell(String key, Record record, boolean carried) {
            holds.put(Key.of(key), record);
            told.add(new Change(
                    new Position(epoch, told.size() + 1L),
                    ROOM,
                    Key.of(key),
                    record.version(),
                    carried ? record : null));
        }

        @Override
        public Position newest() {
            return new Position(epoch, told.size());
        }

        @Override
        public long behindNanos() {
            return 0;
        }

        @Override
        public Page read(Position after, int limit, long waitNanos) {
            if (gap || after.epoch() < epoch) {
                gap = false;
                return new Page.Gap(newest(), "a test");
            }
            return new Page.Changes(List.copyOf(told.subList((int) after.sequence(), told.size())), newest());
        }

        @Override
        public @Nullable List<Change> unsettled(Position after, int limit) {
            return unsettled.stream()
                    .filter(change -> change.at().compareTo(after) > 0)
                    .toList();
        }

        @Override
        public String node() {
            return "n1";
        }

        @Override
        public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
            Record record = holds.get(key);
            Freshness sure = new Freshness("a", true, "");
            if (record == null || record.tombstone()) {
                return new Answer.Missing(record == null ? Version.NONE : record.version(), sure);
            }
            return new Answer.Found(record, sure);
        }

        @Override
        public Store.Written put(
                Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Store.Written delete(Namespace namespace, Key key, Condition condition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation explain(NamespaceId namespace, Key key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoreStatus status() {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void open() throws Exception {
        folder = new Folder(directory.resolve("kept"));
        folder.begin();
        begin();
    }

    private void begin() throws InterruptedException {
        file = new ArchiveFile(folder, "n1", time);
        archiver = new Archiver(written, written, file, _ -> true, time, status);
        archiver.step();
    }

    private static Record record(long millis, String value) {
        return Record.of(Version.of(millis, 0, 1), value.getBytes(StandardCharsets.UTF_8));
    }

    /** All that is there, marks and headers aside, and times of archiving. */
    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path each : Folder.list(folder.archive("n1"))) {
            try (Lines in = new Lines(each)) {
                for (byte[] line = in.next(); line != null; line = in.next()) {
                    String text = new String(line, StandardCharsets.UTF_8);
                    if (text.startsWith("{\"at\"")) {
                        lines.add(text.replaceFirst("^\\{\"at\":\\d+,\"namespace\":\"\\w+\",\"key\":", ""));
                    } else if (text.startsWith("{\"gap\"")) {
                        lines.add("gap");
                    }
                }
            }
        }
        return lines;
    }

    private void archive() throws InterruptedException {
        status.ask();
        time.advance(10);
        archiver.step();
        assertThat(status.problem()).isNull();
    }

    private static String hex(long millis) {
        return Version.of(millis, 0, 1).toString();
    }

    @Test
    void changesAreArchivedAsTheyWereWritten() throws Exception {
        written.tell("a", record(1, "x"), true);
        written.tell("a", record(2, "y"), true);
        written.tell("a", Record.tombstone(Version.of(3, 0, 1)), true);
        written.tell("large", record(4, "z"), false);
        archive();
        assertThat(lines())
                .containsExactly(
                        "\"a\",\"version\":\"" + hex(1) + "\",\"value\":\"x\"}",
                        "\"a\",\"version\":\"" + hex(2) + "\",\"value\":\"y\"}",
                        "\"a\",\"version\":\"" + hex(3) + "\",\"deleted\":true}",
                        "\"large\",\"version\":\"" + hex(4) + "\",\"value\":\"z\"}");
        assertThat(status.marked()).isGreaterThan(1_800_000_000_000L);
    }

    @Test
    void aValueThatIsOverwrittenBeforeItCouldBeReadIsSaidToBeMissed() throws Exception {
        written.tell("large", record(1, "x"), false);
        written.tell("large", record(2, "y"), false);
        archive();
        assertThat(lines().getFirst()).contains(hex(1)).contains("missed").doesNotContain("value\":");
        assertThat(lines().getLast()).contains(hex(2)).contains("\"value\":\"y\"");
        assertThat(status.missedCount()).isEqualTo(1);
    }

    @Test
    void anotherOneGoesOnAfterTheLastMarkThoughTheFileWasCut() throws Exception {
        written.tell("a", record(1, "x"), true);
        archive();
        Path first = Folder.list(folder.archive("n1")).getFirst();
        Files.write(first, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2}, StandardOpenOption.APPEND);
        written.tell("b", record(2, "y"), true);
        begin();
        archive();
        assertThat(lines()).hasSize(2);
        assertThat(Summary.of(first).problem()).isEmpty();
        assertThat(Summary.of(first).ended()).isTrue();
        List<Summary> all = new Coverage(folder).summaries().get("n1");
        assertThat(all).hasSize(2);
        assertThat(Coverage.spans(all)).hasSize(1);
    }

    @Test
    void aRunThatDidNotEndInOrderIsNoGapAndWhatDidNotHappenIsNotTold() throws Exception {
        archive();
        written.unsettled.add(new ChangeLog.Change(
                new ChangeLog.Position(1, 1), ROOM, Key.of("small"), Version.of(5, 0, 1), record(5, "s")));
        written.unsettled.add(new ChangeLog.Change(
                new ChangeLog.Position(1, 2), ROOM, Key.of("never"), Version.of(6, 0, 1), record(6, "n")));
        written.holds.put(Key.of("small"), record(9, "newer"));
        written.holds.put(Key.of("never"), record(2, "older"));
        written.epoch = 2;
        archiver.step();
        archiver.step();
        archive();
        assertThat(lines()).containsExactly("\"small\",\"version\":\"" + hex(5) + "\",\"value\":\"s\"}");
        assertThat(status.gapCount()).isZero();
    }

    @Test
    void aGapIsWrittenDownAndSplitsWhatIsCovered() throws Exception {
        written.tell("a", record(1, "x"), true);
        archive();
        time.advance(5_000);
        written.gap = true;
        archiver.step();
        archive();
        assertThat(lines()).contains("gap");
        List<Coverage.Span> spans =
                Coverage.spans(new Coverage(folder).summaries().get("n1"));
        assertThat(spans).hasSize(2);
        assertThat(spans.getLast().from() - spans.getFirst().through()).isGreaterThan(4_000);
        assertThat(status.gapCount()).isEqualTo(1);
    }

    @Test
    void aDirectoryThatIsGoneIsAProblemAndNothingIsLostOnceItIsBack() throws Exception {
        written.tell("a", record(1, "x"), true);
        archive();
        Files.move(folder.root(), directory.resolve("away"));
        written.tell("b", record(2, "y"), true);
        status.ask();
        archiver.step();
        assertThat(status.problem()).contains("deleted");
        archiver.step();
        assertThat(status.problem()).contains("gone");
        assertThat(folder.root()).doesNotExist();
        Files.move(directory.resolve("away"), folder.root());
        archiver.step();
        archive();
        assertThat(lines()).anyMatch(line -> line.contains(hex(2)));
        assertThat(status.gapCount()).isZero();
    }
}

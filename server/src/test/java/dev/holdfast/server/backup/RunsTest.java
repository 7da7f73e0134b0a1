package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);

    @TempDir
    Path directory;

    @Test
    void theNewestOfEachKeyComesInOrderHoweverLittleMemoryThereIs() throws IOException {
        TreeMap<Key, Version> newest = new TreeMap<>();
        Random random = new Random(5);
        try (Runs runs = new Runs(directory, 3_000)) {
            for (int i = 0; i < 2_000; i++) {
                Key key = Key.of("k" + random.nextInt(300));
                Version version = Version.of(1 + random.nextInt(100_000), 0, 1);
                newest.merge(key, version, Version::newest);
                runs.add(key, version, Line.change(1, ROOM, key, Record.of(version, new byte[20])), 80);
            }
            TreeMap<Key, Version> found = new TreeMap<>();
            try (Merged merged = new Merged(runs.sorted())) {
                Key before = null;
                for (Line line = merged.next(); line != null; line = merged.next()) {
                    assertThat(before == null || before.compareTo(line.key()) < 0)
                            .isTrue();
                    before = line.key();
                    found.put(line.key(), line.version());
                }
            }
            assertThat(found).isEqualTo(newest);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatWasMissedTheFirstTimeAndToldAgainIsKnown() throws IOException {
        Key key = Key.of("k");
        Version version = Version.of(5, 0, 1);
        try (Runs runs = new Runs(directory, 3_000)) {
            runs.add(key, version, Line.missed(1, ROOM, key, version, "late"), 50);
            runs.add(key, version, Line.change(2, ROOM, key, Record.of(version, new byte[1])), 50);
            runs.add(key, version, Line.missed(3, ROOM, key, version, "late"), 50);
            try (Merged merged = new Merged(runs.sorted())) {
                Line line = merged.next();
                assertThat(line).isNotNull();
                assertThat(line.record()).isEqualTo(Record.of(version, new byte[1]));
            }
        }
    }
}

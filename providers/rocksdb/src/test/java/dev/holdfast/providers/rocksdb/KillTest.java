package dev.holdfast.providers.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.SystemTime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final int ROUNDS = 5;
    private static final int WRITERS = 16;

    @TempDir
    Path temp;

    private static Provider open(Path directory) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location("a", "here", directory, RocksSettings.DEFAULT), new SystemTime());
    }

    /** The value says which key and number it belongs to, so that a mixed-up one shows. */
    private static Record record(String key, int number) {
        byte[] value = (key + "#" + number + ".".repeat(number % 700)).getBytes();
        return Record.of(Version.of(1_700_000_000_000L + number, 0, 0), value);
    }

    /** Puts until it is killed, and says what was acknowledged once it was. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            Provider provider = open(Path.of(args[0]));
            int first = Integer.parseInt(args[1]);
            PrintStream acknowledged = System.out;
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                Thread.ofVirtual().start(() -> {
                    try {
                        for (int number = first; ; number++) {
                            String key = "w" + writer + "/" + number % 50;
                            provider.putIfNewer(NS, Key.of(key), record(key, number));
                            acknowledged.println(key + " " + number + ".");
                        }
                    } catch (Exception e) {
                        e.printStackTrace();
                    }
                });
            }
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void every_acknowledged_put_survives_kill_9() throws Exception {
        Path directory = temp.resolve("a");
        try (Provider provider = open(directory)) {
            provider.initialise(new Identity("0".repeat(32), 1));
        }
        Map<String, Integer> acknowledged = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int first = round * 1_000_000;
            Process child = Child.start(List.of(), Writer.class, directory, first);
            int enough = 500 + 700 * round;
            List<String> lines = new ArrayList<>();
            try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
                String line;
                while ((line = out.readLine()) != null) {
                    lines.add(line);
                    if (lines.size() == enough) {
                        // By its handle, which leaves the stream open for what was said before.
                        child.toHandle().destroyForcibly();
                    }
                }
            }
            assertThat(child.waitFor()).as("killed").isEqualTo(128 + 9);
            assertThat(lines).hasSizeGreaterThanOrEqualTo(enough);
            for (String line : lines) {
                if (line.endsWith(".")) { // the last one may have been cut
                    String[] parts = line.split("[ .]");
                    acknowledged.merge(parts[0], Integer.parseInt(parts[1]), Math::max);
                }
            }
            try (Provider provider = open(directory)) {
                verify(provider, acknowledged);
            }
        }
    }

    private static void verify(Provider provider, Map<String, Integer> acknowledged) throws Exception {
        Version newest = Version.NONE;
        for (var entry : acknowledged.entrySet()) {
            String key = entry.getKey();
            assertThat(provider.get(NS, Key.of(key)))
                    .as("%s at %d or newer", key, entry.getValue())
                    .isInstanceOfSatisfying(Lookup.Present.class, present -> {
                        Record record = present.record();
                        int number = (int) (record.version().millis() - 1_700_000_000_000L);
                        assertThat(number).isGreaterThanOrEqualTo(entry.getValue());
                        assertThat(record).isEqualTo(record(key, number));
                    });
        }
        Page page = provider.scan(NS, new byte[0], null, 10_000);
        assertThat(page.end()).isTrue();
        assertThat(page.damaged()).isEmpty();
        for (Row row : page.rows()) {
            newest = Version.newest(newest, row.head().version());
        }
        assertThat(provider.probe().highWater()).isGreaterThanOrEqualTo(newest);
    }
}

package dev.holdfast.providers.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to directories, beyond the conformance kit. */
class PlaceTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final Identity IDENTITY = new Identity("0".repeat(32), 1);

    @TempDir
    Path temp;

    private static Provider open(Path directory) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location("a", "here", directory, RocksSettings.DEFAULT), new SystemTime());
    }

    private Provider initialised(String name) throws Exception {
        Provider provider = open(temp.resolve(name));
        provider.initialise(IDENTITY);
        return provider;
    }

    private static Record record(int n) {
        byte[] value = new byte[288];
        new Random(n).nextBytes(value);
        return Record.of(Version.of(1_700_000_000_000L, n, 0), value);
    }

    private static Key key(int n) {
        return Key.of("key-%04d".formatted(n));
    }

    private static ProviderFault fault(ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault;
    }

    private static Path newest(Path directory, String suffix) throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(suffix))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void opening_makes_nothing() throws Exception {
        Path directory = temp.resolve("nowhere");
        try (Provider provider = open(directory)) {
            assertThat(provider.identity()).isEmpty();
            assertThat(fault(provider::probe)).hasMessageContaining(directory.toString());
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void a_second_server_on_a_directory_is_refused_with_its_name() throws Exception {
        try (Provider first = initialised("a")) {
            ProviderFault refusal = fault(() -> open(temp.resolve("a")));
            assertThat(refusal.kind()).isEqualTo(FaultKind.UNAVAILABLE);
            assertThat(refusal)
                    .hasMessageContaining("is in use")
                    .hasMessageContaining(temp.resolve("a").toString());
            assertThat(first.putIfNewer(NS, key(1), record(1)).stored()).isTrue();
        }
    }

    @Test
    void another_process_on_a_directory_is_refused_with_its_name() throws Exception {
        try (Provider first = initialised("a")) {
            Process child = Child.start(List.of(), Second.class, temp.resolve("a"));
            String said = new String(child.getInputStream().readAllBytes());
            assertThat(said)
                    .contains("UNAVAILABLE", "is in use", temp.resolve("a").toString());
            assertThat(child.waitFor()).isZero();
            assertThat(first.putIfNewer(NS, key(1), record(1)).stored()).isTrue();
        }
    }

    static final class Second {
        public static void main(String[] args) throws Exception {
            try (Provider provider = open(Path.of(args[0]))) {
                System.out.println("opened " + provider.identity());
            } catch (ProviderFault e) {
                System.out.println(e.kind() + " " + e.getMessage());
            }
        }
    }

    @Test
    void a_directory_replaced_by_a_copy_while_open_is_not_acknowledged_into() throws Exception {
        Path directory = temp.resolve("a");
        try (Provider provider = initialised("a")) {
            provider.putIfNewer(NS, key(1), record(1));
            Files.move(directory, temp.resolve("moved"));
            Tampering.copy(temp.resolve("moved"), directory);
            assertThat(fault(() -> provider.putIfNewer(NS, key(2), record(2))).kind())
                    .isEqualTo(FaultKind.ROLLED_BACK);
            assertThat(provider.identity()).isEmpty();

            Tampering.delete(directory);
            Files.move(temp.resolve("moved"), directory);
            assertThat(fault(provider::probe).kind())
                    .as("what was said once stays said")
                    .isEqualTo(FaultKind.ROLLED_BACK);
        }
        try (Provider provider = open(directory)) {
            assertThat(provider.identity()).contains(IDENTITY);
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1)));
        }
    }

    @Test
    void refused_writes_notice_a_vanished_directory_too() throws Exception {
        try (Provider provider = initialised("a")) {
            provider.putIfNewer(NS, key(1), record(2));
            Tampering.delete(temp.resolve("a"));
            assertThat(fault(() -> provider.putIfNewer(NS, key(1), record(1))).kind())
                    .isEqualTo(FaultKind.ROLLED_BACK);
        }
    }

    @Test
    void what_was_in_the_directory_is_set_aside_and_not_deleted() throws Exception {
        Path directory = temp.resolve("a");
        try (Provider provider = initialised("a")) {
            provider.putIfNewer(NS, key(1), record(1));
        }
        for (int i = 1; i <= 2; i++) {
            Files.delete(directory.resolve("HOLDFAST"));
            try (Provider provider = open(directory)) {
                assertThat(provider.identity()).isEmpty();
                Identity made = new Identity((i + "").repeat(32), 1 + i);
                assertThat(provider.initialise(made)).isEqualTo(made);
                assertThat(provider.get(NS, key(1))).isInstanceOf(Lookup.Missing.class);
            }
            assertThat(directory.resolve("set-aside-" + i).resolve("CURRENT")).isRegularFile();
        }
    }

    @Test
    void a_marker_beside_another_database_is_not_believed() throws Exception {
        initialised("a").close();
        try (Provider other = open(temp.resolve("b"))) {
            other.initialise(new Identity("1".repeat(32), 1));
        }
        Files.copy(temp.resolve("a/HOLDFAST"), temp.resolve("b/HOLDFAST"), StandardCopyOption.REPLACE_EXISTING);
        try (Provider mixed = open(temp.resolve("b"))) {
            assertThat(fault(mixed::identity).kind()).isEqualTo(FaultKind.CORRUPT);
            assertThat(fault(() -> mixed.get(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
        }
    }

    @Test
    void a_torn_end_of_the_log_loses_only_what_was_torn() throws Exception {
        Path copy = temp.resolve("copy");
        try (Provider provider = initialised("a")) {
            for (int i = 0; i < 50; i++) {
                provider.putIfNewer(NS, key(i), record(i));
            }
            Tampering.copy(temp.resolve("a"), copy);
        }
        try (RandomAccessFile log = new RandomAccessFile(newest(copy, ".log").toFile(), "rw")) {
            log.setLength(log.length() - 10);
        }
        try (Provider provider = open(copy)) {
            for (int i = 0; i < 49; i++) {
                assertThat(provider.get(NS, key(i))).isEqualTo(new Lookup.Present(record(i)));
            }
            assertThat(provider.get(NS, key(49))).isInstanceOf(Lookup.Missing.class);
            assertThat(provider.probe().highWater())
                    .as("lower than acknowledged, which is how a lost end is noticed")
                    .isEqualTo(record(48).version());
        }
    }

    @Test
    void a_damaged_table_file_is_told_as_corrupt_and_a_put_repairs_its_key() throws Exception {
        Path directory = temp.resolve("a");
        try (Provider provider = initialised("a")) {
            for (int i = 0; i < 50; i++) {
                provider.putIfNewer(NS, key(i), record(i));
            }
        }
        open(directory).close(); // turns the log into a table
        try (Provider provider = open(directory)) {
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1)));
        }
        for (Path table : tables(directory)) {
            byte[] bytes = Files.readAllBytes(table);
            bytes[40] ^= 1;
            Files.write(table, bytes);
        }
        try (Provider provider = open(directory)) {
            assertThat(fault(() -> provider.get(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
            assertThat(fault(() -> provider.sight(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
            assertThat(fault(() -> provider.scan(NS, new byte[0], null, 10)).kind())
                    .isEqualTo(FaultKind.CORRUPT);
            assertThat(provider.putIfNewer(NS, key(1), record(1)).stored()).isTrue();
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1)));
        }
    }

    private static List<Path> tables(Path directory) throws Exception {
        // The smaller table is that of the column family "meta", which has to stay readable.
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".sst"))
                    .filter(file -> file.toFile().length() > 4_000)
                    .toList();
        }
    }

    @Test
    void two_directories_on_one_disk_are_one_failure_domain() throws Exception {
        try (Provider a = initialised("a");
                Provider b = open(temp.resolve("somewhere/else"))) {
            assertThat(a.failureDomain().independentOf(b.failureDomain())).isFalse();
            assertThat(a.failureDomain().operator()).isEqualTo("local");
            assertThat(a.failureDomain().region()).isEqualTo("here");
        }
    }

    @Test
    void a_caller_that_gives_up_is_told_that_the_write_may_still_happen() throws Exception {
        try (Provider provider = initialised("a")) {
            Thread.currentThread().interrupt();
            ProviderFault fault = fault(() -> provider.putIfNewer(NS, key(1), record(1)));
            assertThat(Thread.interrupted())
                    .as("the interrupt is kept for the caller")
                    .isTrue();
            assertThat(fault.kind()).isEqualTo(FaultKind.TIMEOUT);
        }
    }
}

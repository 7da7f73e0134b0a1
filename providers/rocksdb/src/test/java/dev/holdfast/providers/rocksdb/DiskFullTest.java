package dev.holdfast.providers.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFullTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final Identity IDENTITY = new Identity("0".repeat(32), 1);
    private static final long MIB = 1024 * 1024;

    @TempDir
    Path temp;

    private static Provider open(Path directory, long reserve) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location("a", "here", directory, new RocksSettings(MIB, reserve, true)),
                new SystemTime());
    }

    private static Record record(int n, int bytes) {
        byte[] value = new byte[bytes];
        new Random(n).nextBytes(value);
        return Record.of(Version.of(1_700_000_000_000L, 0, 0), value);
    }

    @Test
    void puts_that_would_eat_into_the_reserve_are_refused_and_what_makes_room_is_not() throws Exception {
        Path directory = temp.resolve("a");
        try (Provider provider = open(directory, 0)) {
            provider.initialise(IDENTITY);
            provider.putIfNewer(NS, Key.of("k"), record(1, 10));
        }
        try (Provider provider = open(directory, Long.MAX_VALUE / 2)) {
            ProviderFault fault = catchThrowableOfType(
                    ProviderFault.class, () -> provider.putIfNewer(NS, Key.of("new"), record(2, 10)));
            assertThat(fault.kind()).isEqualTo(FaultKind.DISK_FULL);
            assertThat(fault).hasMessageContaining("reserve").hasMessageContaining(directory.toString());
            assertThat(provider.get(NS, Key.of("new"))).isInstanceOf(Lookup.Missing.class);
            assertThat(provider.get(NS, Key.of("k"))).isEqualTo(new Lookup.Present(record(1, 10)));
            provider.raiseFloor(NS, record(1, 10).version());
            assertThat(provider.collect(
                            NS, List.of(new Exact(Key.of("k"), record(1, 10).version()))))
                    .isEqualTo(1);
        }
    }

    @Test
    void the_local_store_keeps_to_its_reserve_and_still_deletes() throws Exception {
        Path directory = temp.resolve("local");
        byte[] key = {1};
        try (LocalStore store = RocksLocalStore.create(directory, "here", RocksSettings.LOCAL, new SystemTime())) {
            store.commit(new Batch().put(Table.HINTS, key, key));
        }
        RocksSettings full = new RocksSettings(MIB, Long.MAX_VALUE / 2, true);
        try (LocalStore store =
                RocksLocalStore.open(directory, "here", full, new SystemTime()).orElseThrow()) {
            LocalStoreFault fault = catchThrowableOfType(
                    LocalStoreFault.class, () -> store.commit(new Batch().put(Table.HINTS, key, key)));
            assertThat(fault.full()).isTrue();
            store.commit(new Batch().delete(Table.HINTS, key));
            assertThat(store.get(Table.HINTS, key)).isNull();
        }
    }

    /** Needs a small file system: a tmpfs that only a child process sees, in a mount namespace of its own. */
    @Test
    void a_full_disk_is_told_as_itself_and_writing_goes_on_when_there_is_room() throws Exception {
        Path mount = Files.createDirectories(temp.resolve("small"));
        boolean root = "root".equals(System.getProperty("user.name"));
        String script = "mount -t tmpfs -o size=192m tmpfs '" + mount + "' && exec \"$@\"";
        List<String> wrapper = List.of("unshare", root ? "-m" : "-rm", "sh", "-c", script, "sh");
        Process child = Child.start(wrapper, FullDisk.class, mount);
        assertThat(new String(child.getInputStream().readAllBytes())).endsWith("as promised\n");
        assertThat(child.waitFor()).isZero();
    }

    static final class FullDisk {
        public static void main(String[] args) throws Exception {
            Path mount = Path.of(args[0]);
            Path ballast = mount.resolve("ballast");
            try (Provider provider = open(mount.resolve("a"), 0)) {
                provider.initialise(IDENTITY);
                int stored = 0;
                while (stored < 20) {
                    provider.putIfNewer(NS, Key.of("k" + stored), record(stored, 64 * 1024));
                    stored++;
                }
                Files.write(ballast, new byte[(int) (mount.toFile().getUsableSpace() - 2 * MIB)]);
                ProviderFault fault = null;
                while (fault == null) {
                    try {
                        provider.putIfNewer(NS, Key.of("k" + stored), record(stored, 64 * 1024));
                        stored++;
                    } catch (ProviderFault e) {
                        fault = e;
                    }
                }
                System.out.println("after " + stored + ": " + fault.getMessage());
                assertThat(fault.kind()).isEqualTo(FaultKind.DISK_FULL);
                assertThat(fault)
                        .hasMessageContaining("no room left on the disk")
                        .hasMessageContaining("writing");
                ProviderFault again = catchThrowableOfType(
                        ProviderFault.class, () -> provider.putIfNewer(NS, Key.of("again"), record(0, 64 * 1024)));
                assertThat(again.kind()).isEqualTo(FaultKind.DISK_FULL);
                requireAll(provider, stored);

                Files.delete(ballast);
                assertThat(provider.putIfNewer(NS, Key.of("k" + stored), record(stored, 64 * 1024))
                                .stored())
                        .isTrue();
                requireAll(provider, stored + 1);
            }
            System.out.println("as promised");
        }

        private static void requireAll(Provider provider, int stored) throws Exception {
            for (int i = 0; i < stored; i++) {
                assertThat(provider.get(NS, Key.of("k" + i))).isEqualTo(new Lookup.Present(record(i, 64 * 1024)));
            }
        }
    }
}

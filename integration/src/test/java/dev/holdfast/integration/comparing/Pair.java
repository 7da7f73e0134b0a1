package dev.holdfast.integration.comparing;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store over two providers that hold the same keys, filled behind its back. For one thread. */
final class Pair implements AutoCloseable {
    static final NamespaceId NAMESPACE = NamespaceId.parse("0123456789abcdef0123456789abcdef");
    private static final Duration WITHIN = Duration.ofHours(2);
    private static final long DAY_MILLIS = 86_400_000L;
    private static final int BATCH = 256;
    private static final int VALUE_BYTES = 288;
    private static final int VERSIONS_A_MILLI = 100;

    private final List<Provider> providers;
    private final RocksLocalStore local;
    private final ReplicatedStore store;
    private final long begun;
    private int keys;

    Pair(Path directory, Provider one, Provider other) throws Exception {
        Time time = new SystemTime();
        this.providers = List.of(one, other);
        this.begun = System.currentTimeMillis() - DAY_MILLIS;
        this.local = RocksLocalStore.create(directory, "", RocksSettings.LOCAL, time);
        this.store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, local, "node", providers);
        store.start(() -> List.of(NAMESPACE));
    }

    private static Key key(int number) {
        return Key.of("key-%09d".formatted(number));
    }

    private Record record(int number, int later) {
        byte[] value = new byte[VALUE_BYTES];
        new Random(number).nextBytes(value);
        return Record.of(Version.of(begun + number / VERSIONS_A_MILLI + later, number % VERSIONS_A_MILLI, 1), value);
    }

    /** Adds keys at both until there are so many, and makes one in the middle newer at the second. */
    void growTo(int wanted) throws ProviderFault {
        while (keys < wanted) {
            SortedMap<Key, Record> batch = new TreeMap<>();
            for (int end = Math.min(wanted, keys + BATCH); keys < end; keys++) {
                batch.put(key(keys), record(keys, 0));
            }
            for (Provider provider : providers) {
                provider.putAll(NAMESPACE, batch, true);
            }
        }
        providers.getLast().putIfNewer(NAMESPACE, key(keys / 2), record(keys / 2, 1));
    }

    boolean middleIsEqual() throws ProviderFault {
        Key middle = key(keys / 2);
        return providers
                .getFirst()
                .get(NAMESPACE, middle)
                .equals(providers.getLast().get(NAMESPACE, middle));
    }

    /**
     * What a pass came to.
     *
     * @param read by this process from files and sockets, in bytes
     * @param millis as long as it took, its rests included
     */
    record Came(ComparisonPass pass, long read, long millis) {}

    /** One pass over all. */
    Came compare() throws Exception {
        long read = read();
        long begin = System.nanoTime();
        long number = store.compareNow();
        Awaiting.until(WITHIN, "all is compared", () -> store.comparing().completed(), done -> done >= number);
        ComparisonPass pass = Objects.requireNonNull(store.comparing().pass());
        return new Came(pass, read() - read, (System.nanoTime() - begin) / 1_000_000);
    }

    private static long read() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        store.close();
        local.close();
        providers.forEach(Provider::close);
    }
}

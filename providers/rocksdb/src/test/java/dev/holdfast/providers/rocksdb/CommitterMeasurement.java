package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/** The figures of docs/adr/0003. Not run with the tests: name it with {@code -Dtest=CommitterMeasurement}. */
class CommitterMeasurement {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final int KEYS = 100_000;
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 2_000_000_000L;

    @TempDir
    Path temp;

    private interface Operation {
        void run(byte[] key) throws Exception;
    }

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    private void measure(String name, ThreadFactory threads, int writers, Operation operation) throws Exception {
        LongAdder done = new LongAdder();
        long begin = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newThreadPerTaskExecutor(threads)) {
            for (int w = 0; w < writers; w++) {
                SplittableRandom random = new SplittableRandom(w);
                running.add(pool.submit(() -> {
                    while (System.nanoTime() - begin < ROUND_NANOS) {
                        operation.run(("key-" + random.nextInt(KEYS)).getBytes());
                        done.increment();
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        figures.computeIfAbsent(name, n -> new ArrayList<>()).add(done.sum() / seconds);
    }

    @Test
    void measure() throws Exception {
        byte[] value = new byte[288];
        new Random(1).nextBytes(value);
        AtomicLong versions =
                new AtomicLong(Version.of(1_700_000_000_000L, 0, 0).bits());
        ThreadFactory virtual = Thread.ofVirtual().factory();
        ThreadFactory platform = Thread.ofPlatform().factory();
        RocksDB.loadLibrary();
        try (Options options = new Options().setCreateIfMissing(true);
                WriteOptions sync = new WriteOptions().setSync(true);
                RocksDB raw = RocksDB.open(options, temp.resolve("raw").toString());
                Provider provider = RocksProvider.open(
                        new RocksProvider.Location("a", "here", temp.resolve("a"), RocksSettings.DEFAULT),
                        new SystemTime());
                LocalStore local =
                        RocksLocalStore.create(temp.resolve("local"), "here", RocksSettings.LOCAL, new SystemTime())) {
            provider.initialise(new Identity("0".repeat(32), 1));
            Operation put =
                    key -> provider.putIfNewer(NS, Key.of(key), Record.of(new Version(versions.addAndGet(256)), value));
            Operation commit = key -> local.commit(new Batch().put(LocalStore.Table.HINTS, key, value));
            for (int round = 0; round < ROUNDS; round++) {
                measure("raw put, 64 virtual threads", virtual, 64, key -> raw.put(sync, key, value));
                measure("raw put, 64 platform threads", platform, 64, key -> raw.put(sync, key, value));
                measure("provider put, 64 virtual threads", virtual, 64, put);
                measure("local commit, 64 virtual threads", virtual, 64, commit);
                measure("raw put, 1 thread", platform, 1, key -> raw.put(sync, key, value));
                measure("provider put, 1 virtual thread", virtual, 1, put);
                measure("raw get, 64 virtual threads", virtual, 64, raw::get);
                measure("provider get, 64 virtual threads", virtual, 64, key -> provider.get(NS, Key.of(key)));
                measure("provider sight, 64 virtual threads", virtual, 64, key -> provider.sight(NS, Key.of(key)));
            }
            Marker marker = Marker.read(temp.resolve("a")).orElseThrow();
            Disk disk = new Disk(temp.resolve("a"));
            for (int round = 0; round < ROUNDS; round++) {
                measure("look at the marker, 1 thread", platform, 1, key -> marker.stillThere());
                measure("look at the room, 1 thread", platform, 1, key -> disk.freeBytes());
            }
        }
        figures.forEach((name, rounds) -> {
            double[] sorted = rounds.stream().mapToDouble(each -> each).sorted().toArray();
            System.out.printf(
                    "%-36s median %,10.0f/s of %s%n",
                    name,
                    sorted[sorted.length / 2],
                    Arrays.toString(Arrays.stream(sorted).mapToLong(Math::round).toArray()));
        });
    }
}

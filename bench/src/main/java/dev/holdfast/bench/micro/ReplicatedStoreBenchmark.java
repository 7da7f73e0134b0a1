package dev.holdfast.bench.micro;

import dev.holdfast.bench.Folder;
import dev.holdfast.bench.Load;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The store as the server has it, without HTTP: two RocksDB homes and the node's log, all synced, {@code durability: 2}, 64
 * virtual threads, 288-byte values, keys by Zipf's law.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Threads(64)
@State(Scope.Benchmark)
public class ReplicatedStoreBenchmark {
    private static final byte[] NOTHING = {};
    private static final Namespace NAMESPACE =
            new Namespace(new NamespaceId(1, 2), "bench", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);

    @Param("10000")
    public int keys;

    @Param("288")
    public int valueBytes;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Key[] drawn = {};
    private byte[] value = {};
    private @Nullable ReplicatedStore opened;

    /** Where a thread is among the draws. */
    @State(Scope.Thread)
    public static class Progress {
        private int at = ThreadLocalRandom.current().nextInt(1 << 20);
    }

    @Setup
    public void setUp() throws Exception {
        Folder folder = Folder.make();
        open.add(folder);
        Time time = new SystemTime();
        LocalStore local = RocksLocalStore.create(folder.path().resolve("local"), "", RocksSettings.LOCAL, time);
        open.add(local);
        List<Provider> providers = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            providers.add(RocksProvider.open(
                    new RocksProvider.Location(name, "", folder.path().resolve(name), RocksSettings.DEFAULT), time));
        }
        open.addAll(providers);
        ReplicatedStore store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, local, "bench", providers);
        open.add(store);
        store.start(() -> List.of(NAMESPACE.id()));
        opened = store;
        Load load = Load.draw(keys, valueBytes);
        value = load.drawn(0).valueBytes();
        drawn = load.drawnKeys();
        for (Load.Entry entry : load.entries()) {
            require(store.put(NAMESPACE, Key.of(entry.key()), value, NOTHING, Record.NEVER, Condition.NONE));
        }
    }

    @TearDown
    public void tearDown() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Benchmark
    public Answer get(Progress progress) {
        Answer answer = store().get(NAMESPACE.id(), next(progress), ReadMode.CONFIRMED);
        if (answer instanceof Answer.Found) {
            return answer;
        }
        throw new IllegalStateException("a key that was put is answered with " + answer);
    }

    @Benchmark
    public Written put(Progress progress) {
        return require(store().put(NAMESPACE, next(progress), value, NOTHING, Record.NEVER, Condition.NONE));
    }

    private Key next(Progress progress) {
        return drawn[progress.at++ & (drawn.length - 1)];
    }

    private ReplicatedStore store() {
        ReplicatedStore store = opened;
        if (store == null) {
            throw new IllegalStateException("not set up");
        }
        return store;
    }

    private static Written require(Written written) {
        if (written instanceof Written.Acknowledged) {
            return written;
        }
        throw new IllegalStateException("a put came to " + written);
    }
}

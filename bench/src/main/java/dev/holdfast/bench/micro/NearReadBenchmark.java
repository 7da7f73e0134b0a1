package dev.holdfast.bench.micro;

import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.time.SystemTime;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A read that is answered from memory, without the door: all that the engine does for it, what it counts included. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class NearReadBenchmark {
    private static final int KEYS = 1_024;
    private static final long TTL_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Namespace[] namespaces = new Namespace[16];
    private final Key[] keys = new Key[KEYS];
    private @Nullable NearStore near;
    private int next;

    @Setup
    public void fill() {
        SystemTime time = new SystemTime();
        EdgeConfig config = EdgeConfig.DEFAULT;
        Version version = Version.of(time.wallMillis(), 0, 1);
        Store.Freshness sure = new Store.Freshness("a", true, "");
        // Whatever is asked for is there.
        Store store = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (_, method, _) -> switch (method.getName()) {
                    case "get" -> new Store.Answer.Found(Record.of(version, new byte[288]), sure);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        NearStore made = new NearStore(store, time, config, Coverage.NONE, Near.of(time, config, null));
        for (int i = 0; i < namespaces.length; i++) {
            namespaces[i] = new Namespace(
                    new NamespaceId(i * 0x9E3779B97F4A7C15L, i),
                    "n" + i,
                    "0".repeat(32),
                    "",
                    "",
                    Namespace.Policy.DEFAULT,
                    0,
                    0);
        }
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Key.of("key-" + i);
            made.read(namespaces[i % namespaces.length], keys[i], TTL_NANOS);
        }
        near = made;
    }

    @Benchmark
    public @Nullable NearAnswer hit() {
        next = (next + 1) % KEYS;
        return Objects.requireNonNull(near).atOnce(namespaces[next % namespaces.length], keys[next], TTL_NANOS);
    }
}

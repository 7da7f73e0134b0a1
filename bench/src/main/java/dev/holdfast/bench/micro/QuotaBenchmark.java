package dev.holdfast.bench.micro;

import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Quota;
import dev.holdfast.engine.time.SystemTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What a request pays for quotas, on two threads. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
@State(Scope.Benchmark)
public class QuotaBenchmark {
    private final Quotas quotas =
            new Quotas(new SystemTime(), id -> Stored.UNKNOWN, Map::of, account -> List.of(), () -> 1);
    private final Namespace none = of(Quota.NONE);
    private final Namespace within = of(new Quota(Quota.MOST_REQUESTS, 1_000_000, 0));
    private final Namespace beyond = of(new Quota(1, 0, 0));

    private static Namespace of(Quota quota) {
        NamespaceId id = new NamespaceId(1, quota.requests());
        return new Namespace(id, "n", "0".repeat(32), "", "", Policy.DEFAULT.withQuota(quota), 0, 0);
    }

    @TearDown
    public void tearDown() {
        quotas.close();
    }

    @Benchmark
    public boolean withoutAQuota() {
        return quotas.enter(none, false) == null;
    }

    @Benchmark
    public boolean withinAQuota() {
        return quotas.enter(within, false) == null;
    }

    @Benchmark
    public boolean beyondAQuota() {
        return quotas.enter(beyond, false) == null;
    }
}

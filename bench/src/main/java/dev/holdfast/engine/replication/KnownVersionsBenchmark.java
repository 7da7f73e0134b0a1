package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** In this package because what it measures is not visible elsewhere. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class KnownVersionsBenchmark {
    private static final int KEYS = 1 << 13;

    private final KnownVersions known = new KnownVersions(1 << 16);
    private final KeyRef[] refs = new KeyRef[KEYS];

    /** Each thread's own place in the keys, and its own clock. */
    @State(Scope.Thread)
    public static class Progress {
        private int at;
        private long millis = 1_762_000_000_000L;
    }

    public KnownVersionsBenchmark() {
        for (int i = 0; i < KEYS; i++) {
            refs[i] = new KeyRef(new NamespaceId(1, 2), Key.of("object-" + i));
            known.learn(refs[i], Version.atMillis(1));
        }
    }

    @Benchmark
    public Version get(Progress progress) {
        return known.get(refs[progress.at++ & (KEYS - 1)]);
    }

    @Benchmark
    public void learnNewer(Progress progress) {
        known.learn(refs[progress.at++ & (KEYS - 1)], Version.atMillis(progress.millis++));
    }

    @Benchmark
    public void learnNothingNew(Progress progress) {
        known.learn(refs[progress.at++ & (KEYS - 1)], Version.NONE);
    }
}

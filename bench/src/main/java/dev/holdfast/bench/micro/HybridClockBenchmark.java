package dev.holdfast.bench.micro;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.SystemTime;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Stamping alone: making the reservation durable is the local store's part, once a second. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class HybridClockBenchmark {
    private final HybridClock clock = new HybridClock(new SystemTime(), 7, 0, 10_000, reserved -> {});

    @Benchmark
    @Threads(1)
    public Version nextByOneThread() {
        return clock.next();
    }

    @Benchmark
    @Threads(Threads.MAX)
    public Version nextByAllThreads() {
        return clock.next();
    }
}

package dev.holdfast.bench.micro;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class RecordFormatBenchmark {
    private static final NamespaceId NAMESPACE = new NamespaceId(0x0f2ac74b498b4802L, 0x8cb68387c421e279L);
    private static final Key KEY = Key.of("object-00004653");

    @Param({"288", "16384"})
    public int valueBytes;

    private Record record = Record.tombstone(Version.NONE);
    private byte[] encoded = {};

    @Setup
    public void setUp() {
        record = Record.of(Version.atMillis(1_762_000_000_000L), new byte[valueBytes]);
        encoded = RecordFormat.encode(NAMESPACE, KEY, record);
    }

    @Benchmark
    public byte[] encode() {
        return RecordFormat.encode(NAMESPACE, KEY, record);
    }

    @Benchmark
    public Record decode() throws DamagedRecord {
        return RecordFormat.decode(NAMESPACE, KEY, encoded);
    }

    @Benchmark
    public Head head() throws DamagedRecord {
        return RecordFormat.head(NAMESPACE, KEY, encoded);
    }
}

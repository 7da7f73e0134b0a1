package dev.holdfast.bench;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/**
 * What a put costs in storage alone: the record into two databases and into a log, all synced, at the same time. The databases
 * have the options of the RocksDB provider as far as they matter to writing.
 */
public final class RawStorage {
    private static final NamespaceId NAMESPACE = new NamespaceId(1, 2);
    private static final long WRITE_BUFFER_BYTES = 32L * 1024 * 1024;

    private final List<RocksDB> databases;
    private final WriteOptions synced;
    private final List<Row> rows;
    private final int[] draws;
    private final int writers;
    private final AtomicLong sequence = new AtomicLong();

    /** A record as it lies in the databases, and as an entry of the log. */
    private record Row(byte[] key, byte[] value, byte[] logged) {}

    private RawStorage(List<RocksDB> databases, WriteOptions synced, List<Row> rows, int[] draws, int writers) {
        this.databases = databases;
        this.synced = synced;
        this.rows = rows;
        this.draws = draws;
        this.writers = writers;
    }

    /**
     * @param arguments the folder for the databases; that of the load; the number of writers. Then, for each line
     *     {@code threads|committers seconds} of its input, says {@code operations nanoseconds median p99} (both in microseconds)
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Load load = Load.read(Path.of(arguments[1]));
        int writers = Integer.parseInt(arguments[2]);
        RocksDB.loadLibrary();
        try (Options options = options();
                WriteOptions synced = new WriteOptions().setSync(true);
                RocksDB a = open(options, folder.resolve("a"));
                RocksDB b = open(options, folder.resolve("b"));
                RocksDB log = open(options, folder.resolve("log"))) {
            RawStorage storage = new RawStorage(List.of(a, b, log), synced, rows(load), load.draws(), writers);
            System.out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                System.out.println(storage.run(words[0], Integer.parseInt(words[1])));
            }
        }
    }

    private static Options options() {
        return new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxBackgroundJobs(2)
                .setMaxTotalWalSize(4 * WRITE_BUFFER_BYTES)
                .setAvoidUnnecessaryBlockingIO(true);
    }

    private static RocksDB open(Options options, Path directory) throws IOException, RocksDBException {
        return RocksDB.open(options, Files.createDirectories(directory).toString());
    }

    private static List<Row> rows(Load load) {
        List<Row> rows = new ArrayList<>();
        for (Load.Entry entry : load.entries()) {
            Key key = Key.of(entry.key());
            byte[] address = ByteBuffer.allocate(NamespaceId.BYTES + key.bytes().length)
                    .putLong(NAMESPACE.high())
                    .putLong(NAMESPACE.low())
                    .put(key.bytes())
                    .array();
            byte[] record = RecordFormat.encode(NAMESPACE, key, Record.of(Version.atMillis(1), entry.valueBytes()));
            byte[] logged = ByteBuffer.allocate(address.length + record.length)
                    .put(address)
                    .put(record)
                    .array();
            rows.add(new Row(address, record, logged));
        }
        return rows;
    }

    private String run(String way, int seconds) throws Exception {
        try (Putting putting = way.equals("threads")
                ? new PuttingByThreads(databases, synced, writers)
                : new PuttingByCommitters(databases, synced)) {
            return run(putting, seconds);
        }
    }

    private String run(Putting putting, int seconds) throws Exception {
        Histogram micros = new ConcurrentHistogram(3);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            int offset = i * (draws.length / writers);
            Putting.Writer writer = putting.writer(i);
            threads.add(Thread.ofPlatform().name("writer-" + i).start(() -> {
                try {
                    write(writer, offset, end, micros);
                } catch (RocksDBException | InterruptedException e) {
                    failure.set(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return micros.getTotalCount() + " " + (System.nanoTime() - begin) + " " + micros.getValueAtPercentile(50) + " "
                + micros.getValueAtPercentile(99);
    }

    private void write(Putting.Writer writer, int offset, long end, Histogram micros)
            throws RocksDBException, InterruptedException {
        long now = System.nanoTime();
        for (int i = offset; now - end < 0; i++) {
            Row row = rows.get(draws[i % draws.length]);
            byte[] position = ByteBuffer.allocate(Long.BYTES)
                    .putLong(sequence.incrementAndGet())
                    .array();
            writer.put(row.key, row.value, position, row.logged);
            long after = System.nanoTime();
            micros.recordValue((after - now) / 1000);
            now = after;
        }
    }
}

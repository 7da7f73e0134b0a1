package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.providers.postgres.PostgresSettings.Timeouts;
import java.sql.Connection;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The figures of docs/adr/0027. Not run with the tests: name it with {@code -Dtest=PutMeasurement}. */
class PutMeasurement {
    private static final int WRITERS = 16;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final int FEW_KEYS = 5_000;
    private static final int MANY_KEYS = Integer.MAX_VALUE;

    private final AtomicLong versions =
            new AtomicLong(Version.of(1_700_000_000_000L, 0, 0).bits());
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();
    private final byte[] value = new byte[288];

    /** A way to decide puts, made from the one that ships. */
    private record Way(String name, PostgresProvider provider, String schema) {
        /** @param high what takes the place of the index on versions, at the end of the function {@code put} */
        void change(PostgresServer server, boolean index, String high, String lock, String read) throws Exception {
            String shipped = server.ask("SELECT pg_get_functiondef('" + schema + ".put'::regproc)");
            server.sql(
                    PostgresServer.DATABASE,
                    "CREATE TABLE " + schema + ".high (shard integer PRIMARY KEY, version bigint NOT NULL)"
                            + " WITH (fillfactor = 50)",
                    "INSERT INTO " + schema + ".high SELECT n, -9223372036854775808 FROM generate_series(0, 63) n",
                    "INSERT INTO " + schema + ".floors VALUES ('\\x" + Given.NS + "', -9223372036854775808)",
                    shipped.replace("END LOOP;", "END LOOP; " + high.replace("@", schema))
                            .replaceFirst("PERFORM pg_advisory.*;", lock.isEmpty() ? "$0" : lock)
                            .replace("f.namespace = p_namespace;", "f.namespace = p_namespace " + read + ";"));
            if (!index) {
                server.sql(PostgresServer.DATABASE, "DROP INDEX " + schema + ".records_version_idx");
            }
        }
    }

    private Way way(PostgresServer server, String name) throws Exception {
        String schema = PostgresServer.freshSchema();
        PostgresSettings base = server.settings(schema);
        PostgresSettings settings = new PostgresSettings(
                base.hosts(), base.database(), schema, base.credentials(), 8, Timeouts.DEFAULT, base.tls(), false);
        return new Way(name, Given.initialised(settings), schema);
    }

    @Test
    void measure() throws Exception {
        new Random(1).nextBytes(value);
        String raise = "UPDATE @.high SET version = p_version WHERE shard = %s AND version < p_version;";
        try (PostgresServer server = PostgresServer.create()) {
            List<Way> ways = new ArrayList<>();
            ways.add(way(server, "as it ships"));
            ways.add(way(server, "no mark at all"));
            ways.add(way(server, "one row for the mark"));
            ways.add(way(server, "64 rows for the mark"));
            ways.add(way(server, "FOR SHARE instead of an advisory lock"));
            ways.get(1).change(server, false, "", "", "");
            ways.get(2).change(server, false, raise.formatted("0"), "", "");
            ways.get(3).change(server, false, raise.formatted("pg_backend_pid() % 64"), "", "");
            ways.get(4).change(server, true, "", "NULL;", "FOR SHARE");
            for (int round = 0; round < ROUNDS; round++) {
                for (Way way : ways) {
                    measure(way, FEW_KEYS, "few keys");
                    measure(way, MANY_KEYS, "new keys");
                }
            }
            try (Connection backup = server.connection()) {
                backup.setAutoCommit(false);
                backup.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                backup.createStatement().execute("SELECT count(*) FROM pg_class");
                for (int round = 0; round < ROUNDS; round++) {
                    for (Way way : ways) {
                        measure(way, FEW_KEYS, "few keys, with a long transaction open");
                    }
                }
            }
            ways.forEach(way -> way.provider.close());
        }
        figures.forEach((name, rounds) -> {
            double[] sorted =
                    rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf("%-80s %6.0f  %s%n", name, sorted[sorted.length / 2], Arrays.toString(sorted));
        });
    }

    private void measure(Way way, int keys, String workload) throws Exception {
        LongAdder done = new LongAdder();
        long begin = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WRITERS; w++) {
                SplittableRandom random = new SplittableRandom(w + begin);
                running.add(threads.submit(() -> {
                    while (System.nanoTime() - begin < ROUND_NANOS) {
                        Version version = new Version(versions.addAndGet(256));
                        way.provider.putIfNewer(
                                Given.NS, Key.of("key-" + random.nextInt(keys)), Record.of(version, value));
                        done.increment();
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        figures.computeIfAbsent(way.name + ", " + workload, n -> new ArrayList<>())
                .add(done.sum() / ((System.nanoTime() - begin) / 1e9));
    }
}

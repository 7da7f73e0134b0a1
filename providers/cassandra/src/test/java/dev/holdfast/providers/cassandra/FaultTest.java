package dev.holdfast.providers.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.providers.cassandra.CassandraSettings.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real Cassandra does when things happen to it. */
class FaultTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final String KEYSPACE = "faults";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static Daemon daemon;
    private final List<CassandraProvider> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        daemon = Daemon.shared();
    }

    @AfterEach
    void close() {
        opened.forEach(CassandraProvider::close);
    }

    private CassandraProvider open(Credentials... credentials) {
        return open(5000, credentials);
    }

    private CassandraProvider open(int requestMillis, Credentials... credentials) {
        CassandraSettings settings = daemon.settings(KEYSPACE, Duration.ofMillis(requestMillis), List.of(credentials));
        CassandraProvider provider =
                CassandraProvider.open("c", settings, new FailureDomain("us", "here", "cassandra"), new SystemTime());
        opened.add(provider);
        return provider;
    }

    private CassandraProvider initialised() throws Exception {
        CassandraProvider provider = open(Daemon.ADMIN);
        sooner(() -> provider.initialise(new Identity("0".repeat(32), 1)));
        return provider;
    }

    private static Operator operator() {
        return new Operator(daemon);
    }

    private static FaultKind kind(ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault.kind();
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /** Tries until it works, within a minute. */
    private static void sooner(Attempt attempt) throws Exception {
        long begun = System.nanoTime();
        while (true) {
            try {
                attempt.run();
                return;
            } catch (ProviderFault | AssertionError e) {
                if (System.nanoTime() - begun > PATIENCE_NANOS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static Version version(int number) {
        return Version.of(1_700_000_000_000L + number, 0, 0);
    }

    private static Record record(int number, int bytes) {
        byte[] value = new byte[bytes];
        new java.util.Random(number).nextBytes(value);
        return Record.of(version(number), value);
    }

    @Test
    void every_acknowledged_put_survives_kill_9_and_providers_find_the_cluster_once_it_is_back() throws Exception {
        CassandraProvider provider = initialised();
        Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger puts = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1500);
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 16; w++) {
                String writer = "w" + w;
                writers.add(threads.submit(() -> {
                    try {
                        for (int number = 0; ; number++) {
                            String key = writer + "/" + number % 20;
                            provider.putIfNewer(NS, Key.of(key), record(number, number % 2000));
                            acknowledged.put(key, number);
                            puts.incrementAndGet();
                            enough.countDown();
                        }
                    } catch (ProviderFault e) {
                        assertThat(e.kind()).isIn(FaultKind.UNAVAILABLE, FaultKind.TIMEOUT);
                        return null;
                    }
                }));
            }
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            daemon.kill();
            for (Future<?> each : writers) {
                each.get();
            }
        }
        CassandraProvider late = open(Daemon.ADMIN);
        assertThat(kind(late::identity)).as("away when it was opened").isEqualTo(FaultKind.UNAVAILABLE);
        daemon.start();
        sooner(provider::probe);
        sooner(() -> assertThat(late.identity()).isEqualTo(provider.identity()));
        Version newest = Version.NONE;
        for (Map.Entry<String, Integer> each : acknowledged.entrySet()) {
            Record found = provider.get(NS, Key.of(each.getKey())) instanceof Lookup.Present p ? p.record() : null;
            assertThat(found).as("%s of %d puts", each.getKey(), puts.get()).isNotNull();
            int number = (int) (found.version().millis() - 1_700_000_000_000L);
            assertThat(number).isGreaterThanOrEqualTo(each.getValue());
            assertThat(found).isEqualTo(record(number, number % 2000));
            newest = Version.newest(newest, found.version());
        }
        Page page = provider.scan(NS, "w".getBytes(), null, 1000);
        assertThat(page.end()).isTrue();
        assertThat(page.rows()).hasSizeGreaterThanOrEqualTo(acknowledged.size());
        assertThat(provider.probe().highWater()).isGreaterThanOrEqualTo(newest);
    }

    @Test
    void a_cluster_that_is_suspended_times_out_lets_go_of_who_gives_up_and_comes_back() throws Exception {
        initialised();
        CassandraProvider provider = open(1500, Daemon.ADMIN);
        provider.putIfNewer(NS, Key.of("suspended"), record(1, 10));
        daemon.suspend();
        try {
            long begun = System.nanoTime();
            assertThat(kind(() -> provider.get(NS, Key.of("suspended")))).isEqualTo(FaultKind.TIMEOUT);
            assertThat(kind(() -> provider.putIfNewer(NS, Key.of("suspended"), record(2, 10))))
                    .isEqualTo(FaultKind.TIMEOUT);
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));

            AtomicReference<FaultKind> heard = new AtomicReference<>();
            Thread reader =
                    Thread.ofVirtual().start(() -> heard.set(kind(() -> provider.get(NS, Key.of("suspended")))));
            long given = System.nanoTime();
            reader.interrupt();
            reader.join();
            assertThat(heard.get()).isEqualTo(FaultKind.TIMEOUT);
            assertThat(System.nanoTime() - given).as("let go at once").isLessThan(TimeUnit.MILLISECONDS.toNanos(1000));
        } finally {
            daemon.resume();
        }
        sooner(() -> assertThat(provider.putIfNewer(NS, Key.of("suspended"), record(3, 10))
                        .stored())
                .isTrue());
        assertThat(provider.get(NS, Key.of("suspended"))).isEqualTo(new Lookup.Present(record(3, 10)));
    }

    @Test
    void revoked_credentials_are_replaced_by_the_others_and_with_none_left_nobody_is_let_in() throws Exception {
        CassandraProvider maker = initialised();
        maker.putIfNewer(NS, Key.of("secret"), record(1, 10));
        List<Credentials> both = List.of(new Credentials("one", "pass-one"), new Credentials("two", "pass-two"));
        try (Operator operator = operator()) {
            for (Credentials each : both) {
                operator.make(each);
            }
            CassandraProvider provider = open(both.get(0), both.get(1));
            sooner(() -> provider.get(NS, Key.of("secret")));
            assertThat(provider.login()).isEqualTo(new Login("one", 1, 2));

            operator.run("DROP ROLE one");
            long begun = System.nanoTime();
            while (!provider.login().equals(new Login("two", 2, 2))) {
                assertThat(provider.get(NS, Key.of("secret")))
                        .as("nobody notices")
                        .isInstanceOf(Lookup.Present.class);
                assertThat(System.nanoTime() - begun).isLessThan(PATIENCE_NANOS);
            }
            assertThat(provider.putIfNewer(NS, Key.of("secret"), record(2, 10)).stored())
                    .isTrue();

            operator.run("DROP ROLE two");
            sooner(() ->
                    assertThat(kind(() -> provider.get(NS, Key.of("secret")))).isEqualTo(FaultKind.UNAUTHORIZED));
            ProviderFault refused =
                    catchThrowableOfType(ProviderFault.class, () -> provider.putIfNewer(NS, Key.of("k"), record(3, 1)));
            assertThat(refused.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            for (Throwable at = refused; at != null; at = at.getCause()) {
                assertThat(at.toString()).doesNotContain("pass-one", "pass-two");
            }

            operator.make(both.get(0));
            sooner(() -> assertThat(provider.get(NS, Key.of("secret"))).isEqualTo(new Lookup.Present(record(2, 10))));
            assertThat(provider.login()).isEqualTo(new Login("one", 1, 2));
        }
    }

    @Test
    void a_place_that_another_node_makes_anew_is_not_taken_for_ours() throws Exception {
        CassandraProvider mine = initialised();
        mine.putIfNewer(NS, Key.of("k"), record(1, 10));
        try (Operator operator = operator()) {
            operator.dropKeyspace(KEYSPACE);
        }
        assertThat(kind(() -> mine.get(NS, Key.of("k")))).isEqualTo(FaultKind.ROLLED_BACK);
        Identity anew = new Identity("f".repeat(32), 2);
        CassandraProvider other = open(Daemon.ADMIN);
        assertThat(other.initialise(anew)).isEqualTo(anew);
        other.putIfNewer(NS, Key.of("theirs"), record(1, 10));

        assertThat(kind(() -> mine.get(NS, Key.of("k")))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> mine.get(NS, Key.of("theirs")))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> mine.putIfNewer(NS, Key.of("k"), record(2, 10)))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> mine.scan(NS, new byte[0], null, 10))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(mine::probe)).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(mine.identity()).contains(anew);
        assertThat(mine.get(NS, Key.of("theirs"))).isEqualTo(new Lookup.Present(record(1, 10)));
    }

    @Test
    void the_largest_value_is_replaced_without_leaving_chunks_and_a_missing_chunk_is_told() throws Exception {
        CassandraProvider provider = initialised();
        Key key = Key.of("large");
        Record first = record(1, 25 * 1024 * 1024);
        Record second = record(2, 3 * 1024 * 1024);
        assertThat(provider.putIfNewer(NS, key, first).stored()).isTrue();
        assertThat(provider.putIfNewer(NS, key, first).stored())
                .as("the same again")
                .isTrue();
        assertThat(provider.get(NS, key).equals(new Lookup.Present(first))).isTrue();
        assertThat(provider.scan(NS, key.bytes(), null, 1).rows())
                .extracting(row -> row.head().valueBytes())
                .containsExactly(25 * 1024 * 1024);
        assertThat(provider.putIfNewer(NS, key, second).stored()).isTrue();
        assertThat(provider.putIfNewer(NS, key, first).stored()).isFalse();
        assertThat(provider.get(NS, key).equals(new Lookup.Present(second))).isTrue();
        try (Operator operator = operator()) {
            sooner(() -> assertThat(operator.chunks(KEYSPACE, NS, key)).hasSize(7));
            operator.loseChunk(KEYSPACE, NS, key, 3);
            assertThat(kind(() -> provider.get(NS, key))).isEqualTo(FaultKind.CORRUPT);
            assertThat(provider.putIfNewer(NS, key, second).stored())
                    .as("repaired")
                    .isTrue();
            assertThat(provider.get(NS, key).equals(new Lookup.Present(second))).isTrue();

            provider.putIfNewer(NS, key, Record.tombstone(version(3)));
            sooner(() -> assertThat(operator.chunks(KEYSPACE, NS, key)).isEmpty());
        }
    }

    @Test
    void a_reader_whose_value_is_replaced_under_its_hands_gets_the_new_one() throws Exception {
        CassandraProvider provider = initialised();
        Key key = Key.of("replaced");
        Record after = record(2, 1_500_000);
        provider.putIfNewer(NS, key, record(1, 700_000));
        CassandraSettings settings = daemon.settings(KEYSPACE, Duration.ofSeconds(5), List.of(Daemon.ADMIN));
        Cluster cluster = new Cluster(new Sessions("c", settings).open(0), new Tables(KEYSPACE), 0);
        try (Operator operator = operator()) {
            Place place = new Places("c", settings, new SystemTime()).current(cluster);
            Bucket bucket = Bucket.of(place, NS, key);
            StoredRow before = Records.whole(cluster, bucket, key).rows().get(key);
            provider.putIfNewer(NS, key, after);
            sooner(() -> assertThat(operator.chunks(KEYSPACE, NS, key)).hasSize(3));
            assertThat(Chunks.read(cluster, place, before))
                    .as("its chunks are gone")
                    .isNull();
            assertThat(after.equals(Records.record(cluster, bucket, key, before)))
                    .isTrue();
        } finally {
            cluster.close();
        }
    }

    @Test
    void damage_of_a_value_shows_to_its_reader_and_is_repaired() throws Exception {
        CassandraProvider provider = initialised();
        Key key = Key.of("damaged");
        provider.putIfNewer(NS, key, record(1, 5000));
        try (Operator operator = operator()) {
            operator.alter(KEYSPACE, NS, key, "tail", bytes -> {
                bytes[100] ^= 1;
                return bytes;
            });
        }
        assertThat(kind(() -> provider.get(NS, key))).isEqualTo(FaultKind.CORRUPT);
        assertThat(provider.putIfNewer(NS, key, record(1, 5000)).stored()).isTrue();
        assertThat(provider.get(NS, key)).isEqualTo(new Lookup.Present(record(1, 5000)));
    }

    @Test
    void writers_at_two_nodes_that_race_for_one_key_end_with_the_newest() throws Exception {
        List<CassandraProvider> nodes = List.of(initialised(), open(Daemon.ADMIN));
        Key key = Key.of("race");
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 16; w++) {
                int writer = w;
                CassandraProvider node = nodes.get(w % 2);
                running.add(threads.submit(() -> {
                    Version seen = Version.NONE;
                    for (int i = 0; i < 20; i++) {
                        Version mine = Version.of(1_700_000_000_000L, i, writer);
                        var put = node.putIfNewer(
                                NS, key, Record.of(mine, mine.toString().getBytes()));
                        assertThat(put.winner()).isGreaterThanOrEqualTo(mine).isGreaterThanOrEqualTo(seen);
                        assertThat(put.stored()).isEqualTo(put.winner().equals(mine));
                        Version now = nodes.get(1 - writer % 2).sight(NS, key).version();
                        assertThat(now).as("seen at the other node").isGreaterThanOrEqualTo(put.winner());
                        seen = now;
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        Version newest = Version.of(1_700_000_000_000L, 19, 15);
        assertThat(nodes.get(0).sight(NS, key).version()).isEqualTo(newest);
        assertThat(nodes.get(1).scan(NS, key.bytes(), null, 1).rows())
                .extracting(Row::key)
                .containsExactly(key);
    }

    @Test
    void a_floor_is_kept_to_by_buckets_that_are_made_while_it_is_raised() throws Exception {
        CassandraProvider raiser = initialised();
        CassandraProvider writer = open(Daemon.ADMIN);
        NamespaceId namespace = new NamespaceId(7, System.nanoTime());
        Version floor = version(5);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> puts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Key key = Key.of("%02d".formatted(i));
                if (i == 20) {
                    puts.add(threads.submit(() -> {
                        raiser.raiseFloor(namespace, floor);
                        return false;
                    }));
                }
                puts.add(threads.submit(
                        () -> writer.putIfNewer(namespace, key, record(3, 10)).stored()));
            }
            for (Future<Boolean> each : puts) {
                each.get();
            }
        }
        for (int i = 0; i < 60; i++) {
            Key key = Key.of("%02d/after".formatted(i));
            assertThat(writer.putIfNewer(namespace, key, record(4, 10)).winner())
                    .isEqualTo(floor);
            assertThat(raiser.get(namespace, key)).isEqualTo(new Lookup.Missing(floor));
        }
    }
}

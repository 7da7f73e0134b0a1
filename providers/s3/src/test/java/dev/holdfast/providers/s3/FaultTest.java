package dev.holdfast.providers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can happen to a store and the way to it, on a server that is killed, stopped, filled and put back. */
@Timeout(60)
class FaultTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final Identity IDENTITY = new Identity("0".repeat(32), 1);
    private static final Key KEY = Key.of("k");

    @TempDir
    static Path temp;

    private static S3Proxy usual;

    private final List<Provider> open = new ArrayList<>();
    private S3Proxy server;
    private String bucket;
    private Owner owner;

    @BeforeAll
    static void startServer() throws Exception {
        usual = S3Proxy.start(temp.resolve("s3proxy"));
    }

    @AfterAll
    static void stopServer() {
        usual.close();
    }

    @BeforeEach
    void begin() throws Exception {
        if (!usual.process().isAlive()) {
            usual.start();
        }
        use(usual);
    }

    private void use(S3Proxy proxy) {
        server = proxy;
        owner = new Owner(server.endpoint());
        bucket = Server.freshBucket();
        owner.makeBucket(bucket);
    }

    @AfterEach
    void end() throws Exception {
        usual.signal("CONT");
        if (server != usual) {
            server.close();
        }
        open.forEach(Provider::close);
        owner.close();
    }

    private S3Provider open(Duration callTimeout, Duration grace, S3Credential... credentials) {
        S3Settings usual = server.settings(bucket, "");
        S3Provider provider = S3Provider.open(
                "a",
                new S3Settings(
                        usual.endpoint(),
                        usual.region(),
                        bucket,
                        "",
                        true,
                        credentials.length == 0 ? usual.credentials() : List.of(credentials),
                        callTimeout,
                        usual.connectTimeout(),
                        usual.connections(),
                        grace),
                S3Conformance.DOMAIN,
                new SystemTime());
        open.add(provider);
        return provider;
    }

    private S3Provider open() {
        return open(Duration.ofSeconds(10), S3Settings.GRACE);
    }

    private static Version v(int n) {
        return Version.of(1_700_000_000_000L + n, 0, 0);
    }

    /** The value says which key and number it belongs to, so that a mixed-up one shows. */
    private static Record record(Key key, int number) {
        return Record.of(v(number), (key + "#" + number + ".".repeat(number % 700)).getBytes());
    }

    private static FaultKind kind(ThrowingCallable call) {
        return fault(call).kind();
    }

    private static ProviderFault fault(ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault;
    }

    @Test
    void nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() throws Exception {
        Provider provider = open();
        provider.initialise(IDENTITY);
        Map<Key, Integer> acknowledged = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(150);
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 8; w++) {
                int writer = w;
                writers.add(threads.submit(() -> {
                    for (int number = 1; ; number++) {
                        Key key = Key.of("w" + writer + "/" + number % 10);
                        provider.putIfNewer(NS, key, record(key, number));
                        acknowledged.merge(key, number, Math::max);
                        enough.countDown();
                    }
                }));
            }
            assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
            server.kill();
            for (Future<?> writer : writers) {
                assertThat(catchThrowableOfType(java.util.concurrent.ExecutionException.class, writer::get))
                        .cause()
                        .isInstanceOfSatisfying(
                                ProviderFault.class,
                                fault -> assertThat(fault.kind()).isEqualTo(FaultKind.UNAVAILABLE));
            }
        }
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.UNAVAILABLE);
        server.start();
        for (var entry : acknowledged.entrySet()) {
            Key key = entry.getKey();
            assertThat(provider.get(NS, key)).isInstanceOfSatisfying(Lookup.Present.class, present -> {
                int number = (int) (present.record().version().millis() - v(0).millis());
                assertThat(number).as("%s", key).isGreaterThanOrEqualTo(entry.getValue());
                assertThat(present.record()).isEqualTo(record(key, number));
            });
        }
        int newest = Collections.max(acknowledged.values());
        assertThat(provider.probe().highWater()).isGreaterThanOrEqualTo(v(newest));
    }

    @Test
    void it_opens_while_the_store_is_away_and_serves_once_that_is_there() throws Exception {
        server.kill();
        Provider provider = open();
        assertThat(kind(provider::identity)).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(() -> provider.initialise(IDENTITY))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, record(KEY, 1)))).isEqualTo(FaultKind.UNAVAILABLE);
        server.start();
        assertThat(provider.initialise(IDENTITY)).isEqualTo(IDENTITY);
        assertThat(provider.putIfNewer(NS, KEY, record(KEY, 1))).isEqualTo(new Put(true, v(1)));
    }

    @Test
    void a_server_that_stands_still_is_given_up_in_time_and_used_again_when_it_goes_on() throws Exception {
        Provider provider = open(Duration.ofMillis(700), S3Settings.GRACE);
        provider.initialise(IDENTITY);
        provider.putIfNewer(NS, KEY, record(KEY, 1));
        server.signal("STOP");
        long begin = System.nanoTime();
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.TIMEOUT);
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, record(KEY, 2)))).isEqualTo(FaultKind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        server.signal("CONT");
        assertThat(provider.putIfNewer(NS, KEY, record(KEY, 3)).winner()).isEqualTo(v(3));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(KEY, 3)));
    }

    @Test
    void a_caller_that_gives_up_is_let_go() throws Exception {
        Provider provider = open(Duration.ofSeconds(50), S3Settings.GRACE);
        provider.initialise(IDENTITY);
        server.signal("STOP");
        CompletableFuture<FaultKind> outcome = new CompletableFuture<>();
        CountDownLatch running = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual().start(() -> {
            running.countDown();
            outcome.complete(kind(() -> provider.get(NS, KEY)));
        });
        running.await();
        while (caller.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(FaultKind.TIMEOUT);
        server.signal("CONT");
    }

    @Test
    void the_other_credential_is_used_when_one_is_revoked_and_no_secret_shows() throws Exception {
        S3Credential one = new S3Credential(Server.ACCESS_KEY, () -> Server.SECRET);
        S3Credential two = new S3Credential(Server.ACCESS_KEY, () -> "secret-two");
        S3Provider provider = open(Duration.ofSeconds(10), S3Settings.GRACE, one, two);
        provider.initialise(IDENTITY);
        assertThat(provider.login().fallenBack()).isFalse();

        server.kill();
        server.start("secret-two");
        assertThat(provider.putIfNewer(NS, KEY, record(KEY, 1))).isEqualTo(new Put(true, v(1)));
        assertThat(provider.login().place()).isEqualTo(2);

        server.kill();
        server.start("secret-three");
        ProviderFault fault = fault(() -> provider.get(NS, KEY));
        assertThat(fault.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, record(KEY, 2)))).isEqualTo(FaultKind.UNAUTHORIZED);
        assertThat(fault + " " + fault.getCause() + " " + one + " " + List.of(two))
                .doesNotContain("secret-");

        server.kill(); // the next test starts it with the usual one
    }

    @Test
    void a_bucket_that_is_gone_is_a_place_that_is_gone() throws Exception {
        Provider provider = open();
        provider.initialise(IDENTITY);
        provider.putIfNewer(NS, KEY, record(KEY, 1));
        owner.deleteBucket(bucket);
        assertThat(provider.identity()).isEmpty();
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, record(KEY, 2)))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.scan(NS, new byte[0], null, 1))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(fault(() -> provider.initialise(IDENTITY)))
                .hasMessageContaining(bucket)
                .hasMessageContaining("no such bucket");
    }

    @Test
    void what_belongs_to_an_earlier_place_is_not_seen_in_a_later_one() throws Exception {
        Provider here = open();
        here.initialise(IDENTITY);
        here.putIfNewer(NS, KEY, record(KEY, 1));
        owner.delete(bucket, Marker.NAME);
        Provider there = open();
        Identity anew = new Identity("1".repeat(32), 2);
        assertThat(there.initialise(anew)).isEqualTo(anew);
        assertThat(there.get(NS, KEY)).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(kind(here::probe)).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> here.putIfNewer(NS, Key.of("other"), record(KEY, 1))))
                .isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(there.get(NS, Key.of("other"))).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(here.identity()).contains(anew);
        assertThat(here.probe().identity()).isEqualTo(anew);
    }

    @Test
    void a_store_that_is_put_back_in_time_shows_it_though_it_is_written_to_again() throws Exception {
        Provider provider = open();
        provider.initialise(IDENTITY);
        provider.putIfNewer(NS, KEY, record(KEY, 1));
        assertThat(provider.probe().highWater()).isEqualTo(v(1));
        server.kill();
        Path copy = temp.resolve("copy");
        copy(server.objects(), copy);
        server.start();
        provider.putIfNewer(NS, KEY, record(KEY, 5));
        assertThat(provider.probe().highWater()).isEqualTo(v(5));

        server.kill();
        delete(server.objects());
        copy(copy, server.objects());
        server.start();
        provider.putIfNewer(NS, KEY, record(KEY, 9));
        assertThat(provider.probe().highWater()).isEqualTo(v(1));
        provider.putIfNewer(NS, KEY, record(KEY, 11));
        assertThat(provider.probe().highWater()).isEqualTo(v(11));
    }

    @Test
    void a_full_disk_refuses_puts_alone_and_writing_goes_on_when_there_is_room() throws Exception {
        owner.close();
        use(S3Proxy.startSmall(temp.resolve("small"), 8));
        Provider provider = open();
        provider.initialise(IDENTITY);
        int stored = 0;
        ProviderFault fault = null;
        while (fault == null) {
            assertThat(stored).isLessThan(20);
            try {
                provider.putIfNewer(NS, Key.of("k" + stored), large(stored));
                stored++;
            } catch (ProviderFault e) {
                fault = e;
            }
        }
        // This server does not say why: 500. Ceph's does, in RadosgwProviderTest.
        assertThat(fault.kind()).isIn(FaultKind.DISK_FULL, FaultKind.UNAVAILABLE);
        assertThat(stored).isPositive();
        for (int i = 0; i < stored; i++) {
            assertThat(provider.get(NS, Key.of("k" + i))).isEqualTo(new Lookup.Present(large(i)));
        }
        assertThat(provider.collect(NS, List.of(new Exact(Key.of("k0"), v(0))))).isEqualTo(1);
        assertThat(provider.putIfNewer(NS, Key.of("k" + stored), large(stored)).stored())
                .isTrue();
    }

    private static Record large(int n) {
        byte[] value = new byte[1 << 20];
        new Random(n).nextBytes(value);
        return Record.of(v(n), value);
    }

    @Test
    void of_writers_racing_at_two_nodes_the_newest_remains_alone() throws Exception {
        List<Provider> nodes =
                List.of(open(Duration.ofSeconds(10), Duration.ZERO), open(Duration.ofSeconds(10), Duration.ZERO));
        nodes.getFirst().initialise(IDENTITY);
        int each = 8;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Version>> running = new ArrayList<>();
        List<Version> acknowledged = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 16; w++) {
                int writer = w;
                running.add(threads.submit(() -> {
                    start.await();
                    List<Integer> numbers =
                            new ArrayList<>(IntStream.range(0, each).boxed().toList());
                    Collections.shuffle(numbers, new Random(writer));
                    Version best = Version.NONE;
                    for (int number : numbers) {
                        int mine = number * 16 + writer + 1;
                        Put put = nodes.get(writer % 2).putIfNewer(NS, KEY, record(KEY, mine));
                        assertThat(put.winner()).isGreaterThanOrEqualTo(v(mine));
                        best = Version.newest(best, put.winner());
                    }
                    return best;
                }));
            }
            start.countDown();
            for (Future<Version> writer : running) {
                acknowledged.add(writer.get());
            }
        }
        Record winner = record(KEY, each * 16);
        assertThat(acknowledged).allMatch(version -> !version.newerThan(winner.version()));
        for (Provider node : nodes) {
            assertThat(node.get(NS, KEY)).isEqualTo(new Lookup.Present(winner));
        }
        String records = IDENTITY.id() + "/record/" + NS + "/";
        while (owner.objects(bucket, records).size() > 1) { // what is left is swept by whoever reads
            assertThat(nodes.getFirst().scan(NS, new byte[0], null, 10).rows()).hasSize(1);
        }
        assertThat(nodes.getLast().get(NS, KEY)).isEqualTo(new Lookup.Present(winner));
    }

    @Test
    void a_floor_that_another_node_has_just_raised_refuses_a_late_write() throws Exception {
        Provider here = open();
        Provider there = open();
        here.initialise(IDENTITY);
        assertThat(here.get(NS, KEY)).isEqualTo(new Lookup.Missing(Version.NONE));
        there.raiseFloor(NS, v(5));
        assertThat(here.putIfNewer(NS, KEY, record(KEY, 3))).isEqualTo(new Put(false, v(5)));
        assertThat(there.get(NS, KEY)).isEqualTo(new Lookup.Missing(v(5)));
        assertThat(owner.objects(bucket, IDENTITY.id() + "/record/")).isEmpty();
    }

    /** A provider for which something happens between its next listing and the request after that, while it stands still. */
    private S3Provider openStopping(Interference meanwhile) {
        AtomicInteger requests = new AtomicInteger(-1);
        S3Credential credential = new S3Credential(Server.ACCESS_KEY, () -> {
            if (requests.get() >= 0 && requests.incrementAndGet() == 2) {
                try {
                    meanwhile.happen();
                } catch (ProviderFault e) {
                    throw new IllegalStateException(e);
                }
            }
            return Server.SECRET;
        });
        S3Provider provider = open(Duration.ofSeconds(10), S3Settings.GRACE, credential);
        armed = () -> requests.set(0);
        return provider;
    }

    private Runnable armed = () -> {};

    @FunctionalInterface
    private interface Interference {
        void happen() throws ProviderFault;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_put_that_stands_still_while_its_key_is_deleted_and_collected_brings_nothing_back(boolean present)
            throws Exception {
        Provider there = open();
        there.initialise(IDENTITY);
        if (present) {
            there.putIfNewer(NS, KEY, record(KEY, 2));
        }
        Provider here = openStopping(() -> {
            there.putIfNewer(NS, KEY, Record.tombstone(v(5)));
            there.raiseFloor(NS, v(5));
            assertThat(there.collect(NS, List.of(new Exact(KEY, v(5))))).isEqualTo(1);
        });
        assertThat(here.probe().identity()).isEqualTo(IDENTITY);
        if (!present) {
            assertThat(here.get(NS, KEY)).as("it knows the floor before").isEqualTo(new Lookup.Missing(Version.NONE));
        }
        armed.run();
        assertThat(here.putIfNewer(NS, KEY, record(KEY, 3))).isEqualTo(new Put(false, v(5)));
        assertThat(there.get(NS, KEY)).isEqualTo(new Lookup.Missing(v(5)));
        assertThat(owner.objects(bucket, IDENTITY.id() + "/record/")).isEmpty();
    }

    @Test
    void damage_gives_way_to_an_older_record_and_what_is_whole_beneath_it_is_kept() throws Exception {
        Provider provider = open();
        provider.initialise(IDENTITY);
        provider.putIfNewer(NS, KEY, record(KEY, 9));
        String records = IDENTITY.id() + "/record/" + NS + "/";
        owner.damage(bucket, records);
        assertThat(provider.putIfNewer(NS, KEY, record(KEY, 4))).isEqualTo(new Put(true, v(4)));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(KEY, 4)));

        provider.putIfNewer(NS, KEY, record(KEY, 9));
        owner.damage(bucket, records + KeyPath.of(KEY.bytes()) + "." + Versions.inverted(v(9)));
        assertThat(provider.putIfNewer(NS, KEY, record(KEY, 3)))
                .as("version 4 is still there, and newer")
                .isEqualTo(new Put(false, v(4)));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(KEY, 4)));
    }

    private static void copy(Path from, Path to) throws Exception {
        assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}

package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.NS;
import static dev.holdfast.providers.postgres.Given.fault;
import static dev.holdfast.providers.postgres.Given.initialised;
import static dev.holdfast.providers.postgres.Given.key;
import static dev.holdfast.providers.postgres.Given.open;
import static dev.holdfast.providers.postgres.Given.record;
import static dev.holdfast.providers.postgres.Given.v;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of its own for each test, to which bad things happen. */
class FaultTest {
    /** Longer than anything may hang. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    private PostgresServer server;
    private final String schema = PostgresServer.freshSchema();

    @BeforeEach
    void start() throws Exception {
        server = PostgresServer.create();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static <T> FutureTask<T> begin(java.util.concurrent.Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static ProviderFault faultOf(FutureTask<?> task) throws Exception {
        try {
            task.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (ProviderFault) e.getCause();
        }
        throw new AssertionError("the call was expected to fail");
    }

    /** Until it serves again, which it has to by itself. */
    private static void awaitPut(PostgresProvider provider, int version) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (true) {
            try {
                assertThat(provider.putIfNewer(NS, key(99_999), record(version, 10))
                                .stored())
                        .isTrue();
                return;
            } catch (ProviderFault e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
                Thread.sleep(20);
            }
        }
    }

    private static void awaitNothingRunning(PostgresProvider provider) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (provider.connectionsInUse() > 0) {
            assertThat(System.nanoTime())
                    .as("%d still run", provider.connectionsInUse())
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void nothing_acknowledged_is_lost_when_the_server_is_killed_under_writes() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
            for (int round = 0; round < 3; round++) {
                int first = round * 1_000_000;
                int before = acknowledged.size();
                List<FutureTask<Void>> writers = new ArrayList<>();
                for (int w = 0; w < 8; w++) {
                    int writer = w;
                    writers.add(begin(() -> {
                        for (int i = 0; ; i++) {
                            int number = writer * 10_000 + i % 200;
                            provider.putIfNewer(NS, key(number), record(first + i, i % 3_000));
                            acknowledged.merge(number, first + i, Math::max);
                        }
                    }));
                }
                while (acknowledged.size() < before + 100) {
                    Thread.sleep(5);
                }
                server.kill();
                for (FutureTask<Void> writer : writers) {
                    assertThat(faultOf(writer).kind()).isIn(FaultKind.UNAVAILABLE, FaultKind.TIMEOUT);
                }
                assertThat(fault(provider::probe).kind()).isEqualTo(FaultKind.UNAVAILABLE);
                server.start();
                awaitPut(provider, first + 500_000);
                verify(provider, acknowledged);
            }
        }
    }

    private static void verify(PostgresProvider provider, Map<Integer, Integer> acknowledged) throws Exception {
        for (Map.Entry<Integer, Integer> entry : acknowledged.entrySet()) {
            assertThat(provider.get(NS, key(entry.getKey())))
                    .isInstanceOfSatisfying(
                            Lookup.Present.class,
                            present ->
                                    assertThat(present.record().version()).isGreaterThanOrEqualTo(v(entry.getValue())));
        }
        Page page = provider.scan(NS, new byte[0], null, 100_000);
        assertThat(page.damaged()).isEmpty();
        assertThat(page.rows())
                .allSatisfy(row -> assertThat(row.head().version())
                        .isLessThanOrEqualTo(provider.probe().highWater()));
    }

    @Test
    void a_stalled_server_is_let_go_of_in_bounded_time_and_taken_up_again() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            server.freeze();
            List<FutureTask<?>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int number = i;
                calls.add(begin(() -> provider.get(NS, key(number))));
            }
            calls.add(begin(provider::probe));
            for (FutureTask<?> call : calls) {
                assertThat(faultOf(call).kind()).isEqualTo(FaultKind.TIMEOUT);
            }
            awaitNothingRunning(provider);
            server.thaw();
            awaitPut(provider, 3);
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1, 10)));
        }
    }

    @Test
    void a_put_that_a_stalled_server_does_not_read_is_cut() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            server.freeze();
            // More than the socket's buffers take: it hangs in writing, where no timeout of a socket helps.
            FutureTask<?> put = begin(() -> provider.putIfNewer(NS, key(2), record(2, Limits.VALUE_BYTES)));
            ProviderFault fault = faultOf(put);
            assertThat(fault.kind()).isEqualTo(FaultKind.TIMEOUT);
            assertThat(fault).hasMessageContaining("took longer than");
            awaitNothingRunning(provider);
            server.thaw();
            awaitPut(provider, 3);
        }
    }

    @Test
    void an_interrupted_caller_is_let_go_at_once_and_costs_no_connection() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            String count =
                    "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name = 'holdfast p'";
            String before = server.ask(count);
            server.freeze();
            FutureTask<Lookup> read = new FutureTask<>(() -> provider.get(NS, key(1)));
            Thread caller = Thread.ofVirtual().start(read);
            while (caller.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
            caller.interrupt();
            long begin = System.nanoTime();
            ProviderFault fault = faultOf(read);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
            assertThat(fault.kind()).isEqualTo(FaultKind.TIMEOUT);
            assertThat(fault).hasMessageContaining("given up");
            server.thaw();
            awaitNothingRunning(provider);
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1, 10)));
            assertThat(server.ask(count)).isEqualTo(before);
        }
    }

    @Test
    void a_server_that_is_away_when_a_provider_is_opened_is_what_its_answers_say() throws Exception {
        server.stop();
        try (PostgresProvider provider = open(server.impatient(schema))) {
            assertThat(fault(provider::identity).kind()).isEqualTo(FaultKind.UNAVAILABLE);
            long begin = System.nanoTime();
            assertThat(fault(() -> provider.get(NS, key(1)))).hasMessageContaining("127.0.0.1");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("no wait for what has just failed")
                    .isLessThan(Duration.ofMillis(300));
            server.start();
            long end = System.nanoTime() + BOUND.toNanos();
            while (true) {
                try {
                    assertThat(provider.identity()).isEmpty();
                    break;
                } catch (ProviderFault e) {
                    assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
                    Thread.sleep(20);
                }
            }
            provider.initialise(Given.IDENTITY);
            assertThat(provider.putIfNewer(NS, key(1), record(1, 10))).isEqualTo(new Put(true, v(1)));
        }
    }

    @Test
    void a_copy_in_another_cluster_is_another_place() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            server.moveToAnotherCluster();
            assertThat(fault(() -> provider.get(NS, key(2))))
                    .satisfies(e -> assertThat(e.kind()).isIn(FaultKind.ROLLED_BACK, FaultKind.UNAVAILABLE));
            ProviderFault fault = fault(() -> provider.putIfNewer(NS, key(2), record(2, 10)));
            assertThat(fault.kind()).isEqualTo(FaultKind.ROLLED_BACK);
            assertThat(fault(() -> provider.get(NS, key(2)))).hasMessageContaining("another cluster");
            assertThat(fault(provider::probe).kind()).isEqualTo(FaultKind.ROLLED_BACK);

            var there = provider.identity().orElseThrow();
            assertThat(there.id()).isNotEqualTo(Given.IDENTITY.id()).matches("[0-9a-f]{32}");
            assertThat(there.generation()).isEqualTo(1);
            assertThat(provider.identity()).as("each time the same").contains(there);
            assertThat(provider.probe().identity()).isEqualTo(there);
            assertThat(provider.get(NS, key(1)))
                    .as("what it holds is kept, to be compared")
                    .isEqualTo(new Lookup.Present(record(1, 10)));
            assertThat(provider.putIfNewer(NS, key(2), record(2, 10))).isEqualTo(new Put(true, v(2)));
        }
    }

    @Test
    void a_failover_to_a_server_that_lags_fails_everything_until_a_probe_has_told_of_it() throws Exception {
        try (PostgresProvider provider = initialised(server.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            server.stop();
            server.copyAside();
            server.start();
            awaitPut(provider, 2);
            server.failOverToCopy();
            ProviderFault fault = null;
            while (fault == null || fault.kind() != FaultKind.ROLLED_BACK) {
                fault = fault(() -> provider.get(NS, key(1)));
            }
            assertThat(fault).hasMessageContaining("timeline").hasMessageContaining(v(2).toString());
            assertThat(fault(() -> provider.putIfNewer(NS, key(3), record(3, 10)))
                            .kind())
                    .isEqualTo(FaultKind.ROLLED_BACK);
            assertThat(provider.identity()).as("the same place").contains(Given.IDENTITY);
            assertThat(fault(() -> provider.get(NS, key(1))).kind()).isEqualTo(FaultKind.ROLLED_BACK);
            assertThat(provider.probe().highWater()).isEqualTo(v(1));
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(1, 10)));
        }
    }

    @Test
    void a_full_disk_is_told_as_itself_and_writing_goes_on_when_there_is_room() throws Exception {
        PostgresServer small = PostgresServer.create(PostgresServer.smallDisk());
        try (small;
                PostgresProvider provider = initialised(small.onSmallDisk(schema))) {
            int stored = 0;
            ProviderFault fault = null;
            while (fault == null) {
                try {
                    provider.putIfNewer(NS, key(stored), record(stored, 100_000));
                    stored++;
                } catch (ProviderFault e) {
                    fault = e;
                }
            }
            assertThat(stored).isGreaterThan(5);
            assertThat(fault.kind()).isEqualTo(FaultKind.DISK_FULL);
            for (int i = 0; i < stored; i++) {
                assertThat(provider.get(NS, key(i))).isEqualTo(new Lookup.Present(record(i, 100_000)));
            }
            small.makeRoom();
            assertThat(provider.putIfNewer(NS, key(stored), record(stored, 100_000))
                            .stored())
                    .isTrue();
        }
    }
}

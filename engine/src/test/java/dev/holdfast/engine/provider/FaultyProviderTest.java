package dev.holdfast.engine.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.time.UnusedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyProviderTest {
    private static final NamespaceId NS = new NamespaceId(7, 7);
    private static final Key KEY = Key.of("k");
    private static final byte[] ALL = {};

    private final MemoryProvider inner = MemoryProvider.initialised("a");
    private final List<Duration> slept = new ArrayList<>();
    private final FaultyProvider provider = new FaultyProvider(inner, new SeededTime());

    /** Seeded, and notes sleeping instead of doing it. */
    private final class SeededTime extends UnusedTime {
        private final Random random = new Random(1);

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public void sleep(long nanos) {
            slept.add(Duration.ofNanos(nanos));
        }
    }

    private static Version v(int n) {
        return Version.of(1_000, n, 0);
    }

    private static Record record(int version) {
        return Record.of(v(version), new byte[] {(byte) version, 1, 2, 3});
    }

    @BeforeEach
    void oneRecord() throws Exception {
        inner.putIfNewer(NS, KEY, record(1));
    }

    private static FaultKind kind(ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault.kind();
    }

    private List<ThrowingCallable> everyCall() {
        return List.of(
                () -> provider.identity(),
                () -> provider.probe(),
                () -> provider.floor(NS),
                () -> provider.get(NS, KEY),
                () -> provider.sight(NS, KEY),
                () -> provider.scan(NS, ALL, null, 10),
                () -> provider.putIfNewer(NS, KEY, record(1)),
                () -> provider.raiseFloor(NS, v(0)),
                () -> provider.collect(NS, List.of()));
    }

    private void assertThatAllCallsWork() throws ProviderFault {
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
        assertThat(provider.sight(NS, KEY)).isEqualTo(new Sighting(true, v(1)));
        assertThat(provider.scan(NS, ALL, null, 10).rows()).hasSize(1);
        assertThat(provider.putIfNewer(NS, KEY, record(1))).isEqualTo(new Put(true, v(1)));
        assertThat(provider.probe()).isEqualTo(inner.probe());
    }

    @ParameterizedTest
    @EnumSource(FaultMode.class)
    void a_cleared_fault_leaves_nothing_behind(FaultMode mode) throws Exception {
        provider.inject(Fault.of(mode));
        assertThat(provider.current()).contains(Fault.of(mode));
        provider.clear();
        assertThat(provider.current()).isEmpty();
        assertThatAllCallsWork();
    }

    @ParameterizedTest
    @EnumSource(FaultMode.class)
    void other_operations_than_those_named_are_not_struck(FaultMode mode) throws Exception {
        Set<Operation> others = EnumSet.of(Operation.COLLECT);
        provider.inject(new Fault(mode, 1, others, Duration.ofMillis(1)));
        assertThatAllCallsWork();
    }

    @Test
    void error_fails_every_call() {
        provider.inject(Fault.of(FaultMode.ERROR));
        assertThat(everyCall()).allSatisfy(call -> assertThat(kind(call)).isEqualTo(FaultKind.UNAVAILABLE));
    }

    @Test
    void throttled_and_unauthorized_are_told_as_themselves() {
        provider.inject(Fault.of(FaultMode.THROTTLED));
        assertThat(everyCall()).allSatisfy(call -> assertThat(kind(call)).isEqualTo(FaultKind.THROTTLED));
        provider.inject(Fault.of(FaultMode.UNAUTHORIZED));
        assertThat(everyCall()).allSatisfy(call -> assertThat(kind(call)).isEqualTo(FaultKind.UNAUTHORIZED));
    }

    @Test
    void slow_calls_work_after_the_delay() throws Exception {
        provider.inject(new Fault(FaultMode.SLOW, 1, EnumSet.allOf(Operation.class), Duration.ofMillis(300)));
        assertThatAllCallsWork();
        assertThat(slept).hasSize(5).containsOnly(Duration.ofMillis(300));
    }

    @Test
    void a_slow_provider_that_serves_so_many_a_second_serves_one_after_the_other() throws Exception {
        provider.inject(new Fault(FaultMode.SLOW, 1, EnumSet.allOf(Operation.class), Duration.ZERO, 10));
        assertThatAllCallsWork();
        // The clock of this test stands still, so that each waits for all before it.
        assertThat(slept)
                .containsExactly(
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(300),
                        Duration.ofMillis(400),
                        Duration.ofMillis(500));
        assertThat(provider.struck()).isEqualTo(5);
    }

    @Test
    void a_black_hole_lets_go_when_the_fault_ends() throws Exception {
        provider.inject(Fault.of(FaultMode.BLACKHOLE));
        CompletableFuture<Lookup> answer = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> complete(answer, () -> provider.get(NS, KEY)));
        awaitParked(caller);
        assertThat(answer).isNotDone();
        provider.clear();
        assertThat(answer.get()).isEqualTo(new Lookup.Present(record(1)));
    }

    @Test
    void a_black_hole_lets_go_of_a_caller_that_gives_up() throws Exception {
        provider.inject(Fault.of(FaultMode.BLACKHOLE));
        CompletableFuture<Put> answer = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> complete(answer, () -> provider.putIfNewer(NS, KEY, record(2))));
        awaitParked(caller);
        caller.interrupt();
        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .extracting(e -> ((ProviderFault) e.getCause()).kind())
                .isEqualTo(FaultKind.TIMEOUT);
        assertThat(inner.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
    }

    private interface Call<T> {
        T make() throws Exception;
    }

    private static <T> void complete(CompletableFuture<T> answer, Call<T> call) {
        try {
            answer.complete(call.make());
        } catch (Exception e) {
            answer.completeExceptionally(e);
        }
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void not_found_denies_the_key_and_still_lists_it() throws Exception {
        inner.raiseFloor(NS, v(0));
        provider.inject(Fault.of(FaultMode.NOT_FOUND));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Missing(v(0)));
        assertThat(provider.sight(NS, KEY)).isEqualTo(new Sighting(false, v(0)));
        assertThat(provider.scan(NS, ALL, null, 10).rows()).hasSize(1);
        assertThat(provider.putIfNewer(NS, KEY, record(2)).stored()).isTrue();
    }

    @Test
    void empty_sees_nothing_and_is_still_itself() throws Exception {
        inner.raiseFloor(NS, v(0));
        provider.inject(Fault.of(FaultMode.EMPTY));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(provider.sight(NS, KEY)).isEqualTo(new Sighting(false, Version.NONE));
        assertThat(provider.scan(NS, ALL, null, 10)).isEqualTo(new Page(List.of(), true, List.of()));
        assertThat(provider.identity()).isEqualTo(inner.identity());
    }

    @Test
    void stale_answers_with_what_was_there_when_it_began() throws Exception {
        Key absent = Key.of("absent");
        Key untouched = Key.of("untouched");
        inner.putIfNewer(NS, untouched, record(1));
        provider.inject(Fault.of(FaultMode.STALE));
        assertThat(provider.putIfNewer(NS, KEY, record(2)).stored()).isTrue();
        provider.putIfNewer(NS, KEY, record(3));
        provider.putIfNewer(NS, absent, record(2));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
        assertThat(provider.sight(NS, KEY)).isEqualTo(new Sighting(true, v(1)));
        assertThat(provider.get(NS, absent)).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(provider.get(NS, untouched)).isEqualTo(new Lookup.Present(record(1)));
        assertThat(provider.scan(NS, ALL, null, 10).rows())
                .extracting(row -> row.head().version())
                .containsExactly(v(1), v(1));
        provider.clear();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(3)));
    }

    @Test
    void a_stale_page_is_never_empty_before_the_end() throws Exception {
        provider.inject(Fault.of(FaultMode.STALE));
        for (int i = 0; i < 5; i++) {
            provider.putIfNewer(NS, Key.of("a" + i), record(1));
        }
        assertThat(provider.scan(NS, ALL, null, 2).rows()).extracting(Row::key).containsExactly(KEY);
    }

    @ParameterizedTest
    @EnumSource(names = {"CORRUPT", "TRUNCATED"})
    void damage_is_found_out_by_every_read(FaultMode mode) throws Exception {
        Key second = Key.of("second");
        inner.putIfNewer(NS, second, record(1));
        provider.inject(Fault.of(mode));
        for (int i = 0; i < 200; i++) {
            assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.CORRUPT);
            assertThat(kind(() -> provider.sight(NS, KEY))).isEqualTo(FaultKind.CORRUPT);
        }
        Page page = provider.scan(NS, ALL, null, 10);
        assertThat(page.rows()).isEmpty();
        assertThat(page.damaged()).containsExactly(KEY, second);
        assertThat(provider.get(NS, Key.of("absent"))).isEqualTo(new Lookup.Missing(Version.NONE));
        provider.clear();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
    }

    @Test
    void disk_full_refuses_writes_and_reads_go_on() throws Exception {
        provider.inject(Fault.of(FaultMode.DISK_FULL));
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, record(2)))).isEqualTo(FaultKind.DISK_FULL);
        assertThat(kind(() -> provider.raiseFloor(NS, v(1)))).isEqualTo(FaultKind.DISK_FULL);
        assertThat(kind(() -> provider.collect(NS, List.of()))).isEqualTo(FaultKind.DISK_FULL);
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
        assertThat(provider.probe()).isEqualTo(inner.probe());
    }

    @Test
    void acknowledged_then_lost_says_stored_and_keeps_nothing() throws Exception {
        provider.inject(Fault.of(FaultMode.ACKNOWLEDGED_THEN_LOST));
        assertThat(provider.putIfNewer(NS, KEY, record(2))).isEqualTo(new Put(true, v(2)));
        assertThat(provider.collect(NS, List.of(new Exact(KEY, v(1))))).isEqualTo(1);
        provider.raiseFloor(NS, v(5));
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(record(1)));
        assertThat(provider.floor(NS)).isEqualTo(Version.NONE);
    }

    @Test
    void a_rate_strikes_its_share_of_the_calls() {
        provider.inject(new Fault(FaultMode.ERROR, 0.3, EnumSet.allOf(Operation.class), Duration.ZERO));
        int struck = 0;
        for (int i = 0; i < 10_000; i++) {
            if (catchThrowableOfType(ProviderFault.class, () -> provider.get(NS, KEY)) != null) {
                struck++;
            }
        }
        assertThat(struck).isBetween(2_800, 3_200);
    }

    @Test
    void a_fault_that_makes_no_sense_is_refused_with_a_sentence() {
        Set<Operation> all = EnumSet.allOf(Operation.class);
        assertThatThrownBy(() -> new Fault(FaultMode.ERROR, 0, all, Duration.ZERO))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> new Fault(FaultMode.ERROR, Double.NaN, all, Duration.ZERO))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> new Fault(FaultMode.ERROR, 1, Set.of(), Duration.ZERO))
                .hasMessageContaining("at least one operation");
        assertThatThrownBy(() -> new Fault(FaultMode.SLOW, 1, all, Duration.ofHours(2)))
                .hasMessageContaining("delay");
        assertThatThrownBy(() -> new Fault(FaultMode.SLOW, 1, all, Duration.ZERO, -1))
                .hasMessageContaining("calls a second");
        assertThatThrownBy(() -> FaultMode.parse("tired")).hasMessageContaining("acknowledged-then-lost");
        assertThatThrownBy(() -> Operation.parse("peek")).hasMessageContaining("get, sight, put");
    }

    private void fillTo(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            inner.putIfNewer(NS, Key.of("k" + i), record(1));
        }
    }

    private static List<Key> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> Key.of("k" + i)).sorted().toList();
    }

    private static SortedMap<Key, Record> records(int count, int version) {
        SortedMap<Key, Record> records = new TreeMap<>();
        keys(count).forEach(key -> records.put(key, record(version)));
        return records;
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultMode.class,
            names = {"ERROR", "THROTTLED", "UNAUTHORIZED"})
    void faultStrikesACallForSeveralKeysAsItStrikesAnyCall(FaultMode mode) throws Exception {
        fillTo(5);
        provider.inject(new Fault(mode, 1, EnumSet.allOf(Operation.class), Duration.ZERO));
        assertThat(kind(() -> provider.getAll(NS, keys(5)))).isEqualTo(kind(() -> provider.get(NS, KEY)));
        kind(() -> provider.putAll(NS, records(5, 2), true));
        kind(() -> provider.rows(NS, keys(5)));
        kind(() -> provider.digest(NS, null, null, 1000));
        assertThat(inner.get(NS, Key.of("k1"))).isEqualTo(new Lookup.Present(record(1)));
    }

    @Test
    void slowProviderIsSlowOnceForSeveralKeys() throws Exception {
        fillTo(5);
        provider.inject(new Fault(FaultMode.SLOW, 1, EnumSet.allOf(Operation.class), Duration.ofMillis(70)));
        assertThat(provider.getAll(NS, keys(5))).hasSize(5);
        assertThat(slept).containsExactly(Duration.ofMillis(70));
    }

    @Test
    void whatAltersAnAnswerAltersThatForSeveralKeysToo() throws Exception {
        fillTo(5);
        provider.inject(new Fault(FaultMode.NOT_FOUND, 1, Set.of(Operation.GET), Duration.ZERO));
        assertThat(provider.getAll(NS, keys(5)).values()).hasSize(5).containsOnly(new Lookup.Missing(Version.NONE));
        provider.inject(new Fault(FaultMode.CORRUPT, 1, EnumSet.allOf(Operation.class), Duration.ZERO));
        assertThat(provider.getAll(NS, keys(5))).isEmpty();
        assertThat(provider.rows(NS, keys(5)).rows()).isEmpty();
        assertThat(provider.rows(NS, keys(5)).damaged()).isEqualTo(keys(5));
        assertThat(provider.digest(NS, null, null, 1000)).isNotEqualTo(inner.digest(NS, null, null, 1000));
        provider.inject(new Fault(FaultMode.EMPTY, 1, EnumSet.allOf(Operation.class), Duration.ZERO));
        assertThat(provider.rows(NS, keys(5)).rows()).isEmpty();
        assertThat(provider.digest(NS, null, null, 1000)).isEqualTo(RangeDigest.EMPTY);
    }

    @Test
    void severalWritesAreAcknowledgedThenLost() throws Exception {
        provider.inject(new Fault(FaultMode.ACKNOWLEDGED_THEN_LOST, 1, Set.of(Operation.PUT), Duration.ZERO));
        assertThat(provider.putAll(NS, records(5, 2), true).values()).containsOnly(new Put(true, v(2)));
        assertThat(inner.get(NS, Key.of("k1"))).isInstanceOf(Lookup.Missing.class);
    }

    @Test
    void staleProviderAnswersSeveralKeysWithWhatWasThereBefore() throws Exception {
        fillTo(3);
        provider.inject(new Fault(FaultMode.STALE, 1, EnumSet.allOf(Operation.class), Duration.ZERO));
        provider.putAll(NS, records(3, 2), true);
        assertThat(provider.getAll(NS, keys(3)).values()).containsOnly(new Lookup.Present(record(1)));
        assertThat(inner.getAll(NS, keys(3)).values()).containsOnly(new Lookup.Present(record(2)));
    }

    @Test
    void fullDiskTakesNoneOfSeveralWrites() throws Exception {
        provider.inject(new Fault(FaultMode.DISK_FULL, 1, Set.of(Operation.PUT), Duration.ZERO));
        assertThat(kind(() -> provider.putAll(NS, records(5, 2), true))).isEqualTo(FaultKind.DISK_FULL);
        assertThat(inner.get(NS, Key.of("k1"))).isInstanceOf(Lookup.Missing.class);
    }
}

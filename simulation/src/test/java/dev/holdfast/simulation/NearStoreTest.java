package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a reader gets of the near cache, told as stories over two homes. */
class NearStoreTest {
    private static final Key KEY = Key.of("k");
    private static final long TTL = 60 * SECOND;
    private static final byte[] NOTHING = {};

    private static NearStore near(TwoHomes world, ReplicatedStore store, Coverage coverage) {
        return new NearStore(
                store, world.time, EdgeConfig.DEFAULT, coverage, Near.simulated(world.time, EdgeConfig.DEFAULT, null));
    }

    private static Namespace with(OnOutage onOutage) {
        return TwoHomes.NAMESPACE.with(Namespace.Policy.DEFAULT.withOnOutage(onOutage));
    }

    private static Written put(NearStore store, Key key, int value) {
        return put(store, key, value, Record.NEVER);
    }

    private static Written put(NearStore store, Key key, int value, long expiration) {
        return store.put(TwoHomes.NAMESPACE, key, new byte[] {(byte) value}, NOTHING, expiration, Condition.NONE);
    }

    private static NearAnswer read(NearStore store, Key key) {
        return store.read(TwoHomes.NAMESPACE, key, TTL);
    }

    private static int value(NearAnswer answer) {
        return answer.answer() instanceof Answer.Found(Record record, var _) ? record.value()[0] : -1;
    }

    private static void cutAll(TwoHomes world, ReplicatedStore store) {
        world.placeA.cut(true);
        world.placeB.cut(true);
        world.await(
                "all are seen to be gone",
                30 * SECOND,
                () -> states(store).stream().allMatch(ProviderState.DOWN::equals));
    }

    @Test
    void aKeyReadBeforeIsAnsweredFromMemoryWithoutAskingAnybody() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            TwoHomes.put(store, KEY);
            assertThat(read(near, KEY).status()).isEqualTo(CacheStatus.MISS);
            long calls = world.placeA.calls();
            world.time.park(5 * SECOND);
            NearAnswer again = read(near, KEY);
            assertThat(again.status()).isEqualTo(CacheStatus.HIT);
            assertThat(again.ageMillis()).isBetween(4_990L, 5_100L);
            assertThat(world.placeA.calls()).isEqualTo(calls);
        });
    }

    @Test
    void aWriteOfThisNodeIsSeenByTheNextReadWithoutAskingAnybody() {
        inEveryWorld(world -> {
            NearStore near = near(world, world.open(world.disk()), Coverage.NONE);
            put(near, KEY, 1);
            put(near, KEY, 2);
            assertThat(read(near, KEY).status()).isEqualTo(CacheStatus.HIT);
            assertThat(value(read(near, KEY))).isEqualTo(2);
            near.delete(TwoHomes.NAMESPACE, KEY, Condition.NONE);
            assertThat(read(near, KEY).answer()).isInstanceOf(Answer.Missing.class);
        });
    }

    @Test
    void pastItsTimeAnEntryIsAskedForAgainUnlessItIsKnownToBeTheNewest() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore alone = near(world, store, new OwnCoverage(store));
            NearStore among = near(world, store, Coverage.NONE);
            put(alone, KEY, 1);
            assertThat(value(read(among, KEY))).isEqualTo(1);
            world.time.park(TTL + SECOND);
            assertThat(read(alone, KEY).status()).isEqualTo(CacheStatus.HIT);
            assertThat(read(alone, KEY).ageMillis()).isZero();
            assertThat(read(among, KEY).status()).isEqualTo(CacheStatus.MISS);
        });
    }

    @Test
    void manyWhoAskForOneKeyAskTheHomesOnce() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            TwoHomes.put(store, KEY);
            long before = world.placeA.calls() + world.placeB.calls();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                readers.add(world.time.fork(
                        "reader", () -> assertThat(value(read(near, KEY))).isEqualTo(1)));
            }
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(world.placeA.calls() + world.placeB.calls() - before).isEqualTo(2);
        });
    }

    @Test
    void aReadThatBeginsAfterAWriteDoesNotWaitForAnAnswerFromBeforeIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            EdgeConfig tiny = new EdgeConfig(1, 0, EdgeConfig.DEFAULT.patience(), 1);
            // Nothing stays in memory, so every read asks.
            NearStore near =
                    new NearStore(store, world.time, tiny, Coverage.NONE, Near.simulated(world.time, tiny, null));
            for (int i = 1; i < 20; i++) {
                Thread early = world.time.fork("early", () -> read(near, KEY));
                put(near, KEY, i);
                assertThat(value(read(near, KEY))).isEqualTo(i);
                early.join();
            }
        });
    }

    @Test
    void withEveryProviderDeadTheLastKnownGoodIsServedAsTheNamespaceAllows() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            cutAll(world, store);
            world.time.park(2 * TTL);
            NearAnswer stale = read(near, KEY);
            assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
            assertThat(value(stale)).isEqualTo(1);
            assertThat(stale.ageMillis()).isGreaterThan(120_000);
            assertThat(((Answer.Found) stale.answer()).freshness().confirmed()).isFalse();

            Namespace brief = with(OnOutage.parse("stale(1m)"));
            assertThat(near.read(brief, KEY, TTL).answer()).isInstanceOf(Answer.Unavailable.class);
            Namespace closed = with(OnOutage.parse("closed"));
            assertThat(near.read(closed, KEY, TTL).answer()).isInstanceOf(Answer.Unavailable.class);
            Namespace fallback = with(OnOutage.parse("default(!)"));
            assertThat(value(near.read(fallback, KEY, TTL))).isEqualTo(1);
            assertThat(value(near.read(fallback, Key.of("unknown"), TTL))).isEqualTo('!');
            assertThat(read(near, Key.of("unknown")).answer()).isInstanceOf(Answer.Unavailable.class);
        });
    }

    @Test
    void theLastKnownGoodIsServedForAsLongAsTheOutageLastsAndNotAfterIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            cutAll(world, store);
            for (int i = 0; i < 20; i++) {
                world.time.park(60 * SECOND);
                assertThat(value(read(near, KEY))).isEqualTo(1);
            }
            world.placeA.cut(false);
            world.placeB.cut(false);
            world.await(
                    "it has been asked for again",
                    30 * SECOND,
                    () -> read(near, KEY).status() == CacheStatus.HIT);
        });
    }

    @Test
    void whatHasExpiredIsNeverServedEvenWhenNobodyCanBeAsked() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1, world.time.wallMillis() / 1000 + 90);
            cutAll(world, store);
            world.await("it expires", 200 * SECOND, () -> value(read(near, KEY)) == -1);
            for (int i = 0; i < 10; i++) {
                assertThat(value(read(near, KEY))).isEqualTo(-1);
                world.time.park(10 * SECOND);
            }
        });
    }

    @Test
    void aNodeThatRestartsWithEveryProviderDeadServesWhatItKnew() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            SimulatedDisk cache = world.disk();
            ReplicatedStore store = world.open(disk);
            DiskLevel level = new DiskLevel(world.time, cache, 1 << 20);
            NearStore near = new NearStore(
                    store,
                    world.time,
                    EdgeConfig.DEFAULT,
                    Coverage.NONE,
                    Near.simulated(world.time, EdgeConfig.DEFAULT, level));
            put(near, KEY, 1);
            put(near, KEY, 2);
            put(near, Key.of("deleted"), 3);
            near.delete(TwoHomes.NAMESPACE, Key.of("deleted"), Condition.NONE);
            world.await("it lies on disk", SECOND, () -> near.edge().diskWaiting() == 0);
            store.close();
            cache.crash();

            world.placeA.cut(true);
            world.placeB.cut(true);
            ReplicatedStore again = world.started(disk);
            DiskLevel kept = new DiskLevel(world.time, cache, 1 << 20);
            NearStore after = new NearStore(
                    again,
                    world.time,
                    EdgeConfig.DEFAULT,
                    Coverage.NONE,
                    Near.simulated(world.time, EdgeConfig.DEFAULT, kept));
            NearAnswer answer = read(after, KEY);
            assertThat(answer.status()).isEqualTo(CacheStatus.STALE);
            assertThat(value(answer)).isEqualTo(2);
            assertThat(((Answer.Found) answer.answer()).freshness().source()).isEqualTo("disk");
            assertThat(value(read(after, Key.of("deleted")))).isEqualTo(-1);
        });
    }

    @Test
    void anOlderAnswerOrAnAbsenceThatProvesNothingDoesNotOverrideWhatIsKnown() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            world.time.park(TTL + SECOND);
            world.a.inject(Fault.of(FaultMode.NOT_FOUND));
            world.b.inject(Fault.of(FaultMode.NOT_FOUND));
            for (int i = 0; i < 5; i++) {
                NearAnswer answer = read(near, KEY);
                assertThat(value(answer)).isEqualTo(1);
                assertThat(answer.status()).isNotEqualTo(CacheStatus.HIT);
                world.time.park(300 * MILLI);
            }
        });
    }

    @Test
    void aReadWithSomethingToAnswerWaitsForASlowHomeNoLongerThanItsPatience() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            world.time.park(TTL + SECOND);
            world.placeA.slow(2 * SECOND);
            world.placeB.slow(2 * SECOND);
            long begin = world.time.nanos();
            NearAnswer answer = read(near, KEY);
            assertThat(world.time.nanos() - begin).isLessThan(300 * MILLI);
            assertThat(answer.status()).isEqualTo(CacheStatus.UPDATING);
            assertThat(value(answer)).isEqualTo(1);
        });
    }

    @Test
    void whileNobodyAnswersNoReadWithSomethingToAnswerWaitsForThatToEnd() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            world.time.park(TTL + SECOND);
            world.placeA.slow(10 * SECOND);
            world.placeB.slow(10 * SECOND);
            read(near, KEY);
            for (int i = 0; i < 500; i++) {
                long begin = world.time.nanos();
                assertThat(value(read(near, KEY))).isEqualTo(1);
                assertThat(world.time.nanos() - begin).isLessThan(20 * MILLI);
                world.time.park(10 * MILLI);
            }
            world.placeA.slow(0);
            world.placeB.slow(0);
            world.await(
                    "somebody has asked again",
                    15 * SECOND,
                    () -> read(near, KEY).status() == CacheStatus.HIT);
        });
    }

    @Test
    void aKeyThatIsReadOftenIsAskedForBeforeItsTimeIsOver() {
        inEveryWorld(world -> {
            NearStore near = near(world, world.open(world.disk()), Coverage.NONE);
            put(near, KEY, 1);
            for (int i = 0; i < 600; i++) {
                world.time.park(SECOND);
                assertThat(read(near, KEY).status()).isEqualTo(CacheStatus.HIT);
            }
            assertThat(near.edge().counters().refreshes()).isBetween(8L, 20L);
        });
    }

    @Test
    void aKeyOfWhichEveryChangeIsHeardIsSeldomAskedFor() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, new OwnCoverage(store));
            put(near, KEY, 1);
            for (int i = 0; i < 595; i++) {
                world.time.park(SECOND);
                assertThat(read(near, KEY).status()).isEqualTo(CacheStatus.HIT);
            }
            assertThat(near.edge().counters().refreshes()).isZero();
            world.time.park(10 * SECOND);
            read(near, KEY);
            assertThat(near.edge().counters().refreshes()).isEqualTo(1);
        });
    }

    @Test
    void whatAListingOrAFailedConditionShowsIsNotForgottenByTheNextRead() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            NearStore near = near(world, store, Coverage.NONE);
            put(near, KEY, 1);
            store.put(TwoHomes.NAMESPACE, KEY, new byte[] {2}, NOTHING, Record.NEVER, Condition.NONE);
            assertThat(value(read(near, KEY))).isEqualTo(1);
            near.list(TwoHomes.NAMESPACE.id(), NOTHING, null, 10);
            assertThat(value(read(near, KEY))).isEqualTo(2);
        });
    }

    @Test
    void afterAWriteOfUnknownOutcomeTheOldValueAgesThoughNobodyElseWrites() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            NearStore near = near(world, store, new OwnCoverage(store));
            put(near, KEY, 1);
            world.time.park(60 * SECOND);
            long began = world.time.nanos();
            world.placeA.cut(true);
            world.placeB.cut(true);
            assertThat(put(near, KEY, 2)).isInstanceOf(Written.Unknown.class);
            cutAll(world, store);
            world.time.sleep(120 * SECOND);
            assertThat(near.read(with(OnOutage.parse("stale(1m)")), KEY, TTL).answer())
                    .isInstanceOf(Answer.Unavailable.class);
            NearAnswer old = read(near, KEY);
            assertThat(value(old)).isEqualTo(1);
            assertThat(old.ageMillis()).isCloseTo((world.time.nanos() - began) / MILLI, within(500L));
        });
    }

    @Test
    void whatWasKnownToBeTheNewestAMinuteBeforeARestartIsKnownToBeThatAfterIt() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            SimulatedDisk cache = world.disk();
            ReplicatedStore store = world.open(disk);
            NearStore near = onDisk(world, store, cache);
            put(near, KEY, 1);
            Set<String> rows = new HashSet<>();
            for (int i = 0; i < 500; i++) {
                world.time.park(SECOND);
                assertThat(read(near, KEY).status()).isEqualTo(CacheStatus.HIT);
                rows.add(Arrays.toString(
                        cache.durable(LocalStore.Table.CACHE).getFirst().value()));
            }
            assertThat(rows).as("once in each time to live").hasSizeBetween(8, 9);
            assertThat(near.edge().counters().refreshes()).isZero();
            world.await("it lies on disk", SECOND, () -> near.edge().diskWaiting() == 0);
            store.close();
            cache.crash();

            world.placeA.cut(true);
            world.placeB.cut(true);
            NearStore after = onDisk(world, world.started(disk), cache);
            NearAnswer answer = after.read(with(OnOutage.parse("stale(2m)")), KEY, TTL);
            assertThat(value(answer)).isEqualTo(1);
            assertThat(answer.ageMillis()).isLessThan(TTL / MILLI + 10_000);
        });
    }

    private static NearStore onDisk(TwoHomes world, ReplicatedStore store, SimulatedDisk cache) throws Exception {
        DiskLevel level = new DiskLevel(world.time, cache, 1 << 20);
        return new NearStore(
                store,
                world.time,
                EdgeConfig.DEFAULT,
                new OwnCoverage(store),
                Near.simulated(world.time, EdgeConfig.DEFAULT, level));
    }
}

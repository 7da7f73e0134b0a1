package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the simulator once found by a seed, told as a story: seeds meet other fates as soon as the code takes other steps. */
class RecoveryTest {

    /** A call to provider b takes 12 to 16 ms. */
    private static final Latency FAR = new Latency(6 * MILLI, 2 * MILLI, 0, 0);

    private static void putMany(ReplicatedStore store, int keys) {
        for (int i = 0; i < keys; i++) {
            assertThat(put(store, Key.of("k" + i))).isInstanceOf(Written.Acknowledged.class);
        }
    }

    /** Seed 1: a trial makes six calls, and had the time of one. */
    @Test
    void providerThatIsFarAwayComesBackAfterItWasCutOff() {
        inEveryWorld(FAR, world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            world.cutOffB(store);
            world.placeB.cut(false);
            world.await("b is current again", 30 * SECOND, () -> allCurrent(store));
        });
    }

    /** Seed 15: the pass failed, and so did the memory that one had been asked for. */
    @Test
    void requestedComparisonDuringWhichAProviderLeavesIsMadeWhenItIsBack() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            // So that b can leave before the pass is through.
            world.b.inject(new Fault(FaultMode.SLOW, 1, Set.of(Operation.SCAN), Duration.ofMillis(100)));
            store.compareNow();
            world.await("the pass has begun", SECOND, () -> store.comparing().running());
            world.cutOffB(store);
            world.await(
                    "the pass has failed", 30 * SECOND, () -> !store.comparing().running());
            assertThat(store.comparing().finishedAt()).isZero();
            world.b.clear();
            world.placeB.cut(false);
            world.await(
                    "a pass is complete", 60 * SECOND, () -> store.comparing().finishedAt() > 0);
        });
    }

    /** Seed 10069: the clock's own exception went through the write. */
    @Test
    void writeWhoseDirtyMarkCannotBeStampedOnAFailingDiskIsSaidToBeUnknown() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore store = world.open(disk);
            putMany(store, 20);
            world.placeB.cut(true);
            // The write is in the feed and waits for b by now; then the clock is past what it has reserved.
            world.time.fork("break", () -> {
                world.time.park(10 * MILLI);
                disk.ail(SimulatedDisk.Ailment.FAILING);
                world.time.skew(2_000);
            });
            assertThat(put(store, Key.of("k")))
                    .isInstanceOfSatisfying(
                            Written.Unknown.class,
                            unknown -> assertThat(unknown.why().reason()).isEqualTo(Reason.LOCAL_DISK_FAILED));
        });
    }

    /** Seed 538 of a world with stalls, and a CI machine: the answer to a probe counted once this node's disk had kept it. */
    @Test
    void diskThatSyncsNothingForThreeSecondsRefusesNoWrite() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore store = world.started(disk);
            putMany(store, 20);
            world.await("both are current", 10 * SECOND, () -> allCurrent(store));
            long stall = 3 * SECOND;
            world.placeA.stall(stall);
            world.placeB.stall(stall);
            disk.stall(stall);
            List<Written> written = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Key key = Key.of("s" + i);
                world.time.fork("client", () -> {
                    written.add(put(store, key));
                    written.add(put(store, key));
                });
            }
            world.await("all are answered", 2 * stall, () -> written.size() == 128);
            assertThat(written).allSatisfy(each -> assertThat(each).isInstanceOf(Written.Acknowledged.class));
            world.await("both are current again", 30 * SECOND, () -> allCurrent(store));
        });
    }

    /** Seeds 8, 333 and eleven more: it had been asked and had answered, and counted as asked again a moment later, when nobody did. */
    @Test
    void lastProviderThatAnswersWheneverItIsAskedIsNotCalledDownWhileItSyncsNothing() {
        inEveryWorld(world -> {
            // Nobody but these clients asks it for anything.
            ReplicatedStore store = world.open(world.disk());
            putMany(store, 20);
            world.placeB.cut(true);
            world.await("b is seen to be gone", 30 * SECOND, () -> {
                put(store, Key.of("k"));
                return states(store).getLast() == ProviderState.DOWN;
            });
            world.placeA.stall(3 * SECOND);
            List<Written> written = new ArrayList<>();
            // Enough are late for it to be asked, another one before it would be asked again, and one long after that.
            for (long at : List.of(0L, 0L, 0L, 0L, 0L, 40 * MILLI, 550 * MILLI)) {
                world.time.fork("client", () -> {
                    world.time.park(at);
                    written.add(put(store, Key.of("k")));
                });
            }
            world.time.park(SECOND);
            assertThat(store.get(TwoHomes.NAMESPACE.id(), Key.of("k0"), ReadMode.CONFIRMED))
                    .isInstanceOf(Answer.Found.class);
            world.await("all are answered", 5 * SECOND, () -> written.size() == 7);
            assertThat(written).allSatisfy(each -> assertThat(each).isInstanceOf(Written.Acknowledged.class));
        });
    }

    /** Left by a node of before, so that both providers have to catch up; b is cut off. */
    private static SimulatedDisk eachLacksSomething(TwoHomes world) throws Exception {
        SimulatedDisk disk = world.disk();
        ReplicatedStore before = world.open(disk);
        world.placeA.cut(true);
        TwoHomes.acknowledged(before, Key.of("missed by a"));
        world.placeA.cut(false);
        world.placeB.cut(true);
        TwoHomes.acknowledged(before, Key.of("missed by b"));
        before.close();
        return disk;
    }

    /** Seed 278 of worlds of twelve minutes. */
    @Test
    void providersThatAreAllCatchingUpAreNotCalledDownWhileTheySyncNothing() {
        inEveryWorld(world -> {
            SimulatedDisk disk = eachLacksSomething(world);
            world.placeB.cut(false);
            world.placeA.stall(3 * SECOND);
            world.placeB.stall(3 * SECOND);
            ReplicatedStore store = world.started(disk);
            List<Written> written = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                world.time.fork("client", () -> written.add(put(store, Key.of("k"))));
            }
            for (int i = 0; i < 25; i++) {
                world.time.park(100 * MILLI);
                assertThat(states(store)).doesNotContain(ProviderState.DOWN);
            }
            world.await("all are answered", 5 * SECOND, () -> written.size() == 8);
            assertThat(written).allSatisfy(each -> assertThat(each).isInstanceOf(Written.Acknowledged.class));
        });
    }

    @Test
    void oneThatAnswersAndRefusesIsNotTriedWithoutAPauseThoughItMayBeTheLast() {
        inEveryWorld(world -> {
            SimulatedDisk disk = eachLacksSomething(world);
            world.a.inject(new Fault(FaultMode.THROTTLED, 1, Set.of(Operation.SCAN), Duration.ZERO));
            long calls = world.placeA.calls();
            world.started(disk);
            world.time.park(10 * SECOND);
            assertThat(world.placeA.calls() - calls).isLessThan(1_000);
        });
    }

    /**
     * A node reads its own marks, which the provider that they are about need not hold. And calls that hung when the link was cut end
     * seconds later, when they say nothing any more.
     */
    @Test
    void nobodyIsSuspectedAgainOnceItHasCaughtUp() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            world.cutOffB(store);
            putMany(store, 20);
            world.placeB.cut(false);
            world.await("b is current again", 30 * SECOND, () -> allCurrent(store));
            for (int i = 0; i < 3_000; i++) {
                world.time.park(10 * MILLI);
                assertThat(allCurrent(store)).as("after %d0 ms", i).isTrue();
            }
        });
    }

    /** A run on a busy machine: b had just been given up for a pause when a was deleted, and the writes that only a was sent failed. */
    @Test
    void writesGoOnWhenTheOnlyOneThatTakesThemIsWipedAndTheOtherAnswersAgain() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            world.cutOffB(store);
            List<Written> written = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Key key = Key.of("s" + i);
                world.time.fork("client", () -> {
                    for (int j = 0; j < 40; j++) {
                        written.add(put(store, key));
                    }
                });
            }
            world.time.park(5 * MILLI);
            world.placeB.cut(false);
            world.placeA.wipe();
            world.await("all are answered", 10 * SECOND, () -> written.size() == 16 * 40);
            assertThat(written).allSatisfy(each -> assertThat(each).isInstanceOf(Written.Acknowledged.class));
            world.await("both are current again", 30 * SECOND, () -> allCurrent(store));
        });
    }

    /** Seed 2325 of worlds of twelve minutes: b had been given up for a pause, and a fell silent while b was still being tried. */
    @Test
    void readsWaitForTheOneThatPassesItsTrialsWhenTheOtherFallsSilent() {
        inEveryWorld(FAR, world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            for (long after = 0; after < 100; after += 20) {
                world.cutOffB(store);
                world.placeB.cut(false);
                world.time.park(after * MILLI);
                world.placeA.cut(true);
                long begin = world.time.nanos();
                while (world.time.nanos() - begin < SECOND) {
                    assertThat(store.get(TwoHomes.NAMESPACE.id(), Key.of("k1"), ReadMode.CONFIRMED))
                            .as("b back for %d ms when a falls silent", after)
                            .isInstanceOf(Answer.Found.class);
                }
                world.placeA.cut(false);
                world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            }
        });
    }

    /** Seeds 1252 and 8140 of worlds of twelve minutes: over slow ways a trial takes longer than calls had waited since the other one fell. */
    @Test
    void readsWaitForTheOneThatIsHeardOfThoughItsTrialTakesLong() {
        inEveryWorld(new Latency(40 * MILLI, 5 * MILLI, 0, 0), world -> {
            ReplicatedStore store = world.started();
            putMany(store, 20);
            world.cutOffB(store);
            world.placeB.cut(false);
            long calls = world.placeB.calls();
            world.await("b is tried", 10 * SECOND, () -> world.placeB.calls() > calls);
            world.placeA.wipe();
            long begin = world.time.nanos();
            while (world.time.nanos() - begin < 2 * SECOND) {
                assertThat(store.get(TwoHomes.NAMESPACE.id(), Key.of("k1"), ReadMode.CONFIRMED))
                        .isInstanceOf(Answer.Found.class);
            }
        });
    }

    /** The same seeds: each call of a trial had to be as quick as clients of a provider that is well may expect. */
    @Test
    void oneThatIsSlowIsBetterThanNone() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            putMany(store, 200);
            world.cutOffB(store);
            world.placeB.slow(100 * MILLI);
            world.placeB.cut(false);
            world.placeA.cut(true);
            world.await(
                    "k1 is read",
                    10 * SECOND,
                    () -> store.get(TwoHomes.NAMESPACE.id(), Key.of("k1"), ReadMode.CONFIRMED) instanceof Answer.Found);
            for (int i = 0; i < 20; i++) {
                assertThat(store.get(TwoHomes.NAMESPACE.id(), Key.of("k1"), ReadMode.CONFIRMED))
                        .isInstanceOf(Answer.Found.class);
            }
        });
    }

    /** Seed 6677 of worlds of twelve minutes: it needed twelve good trials in a row, of which one in two failed by a call that was late. */
    @Test
    void oneThatFailsATrialNowAndThenComesBack() {
        ReplicationConfig usual = ReplicationConfig.DEFAULT;
        ReplicationConfig strict = new ReplicationConfig(
                usual.readTimeout(),
                usual.writeTimeout(),
                usual.minDeadline(),
                usual.maxDeadline(),
                usual.callTimeout(),
                usual.leastCalls(),
                usual.maxCalls(),
                usual.probeInterval(),
                usual.retryInterval(),
                usual.maxRetryInterval(),
                12,
                usual.compareInterval(),
                usual.maxSkew(),
                usual.collectAge(),
                usual.reserveBytes(),
                usual.alarmBytes(),
                usual.feedEntries(),
                usual.massDeleteShare(),
                usual.recovery(),
                usual.scrub());
        inEveryWorld(world -> {
            ReplicatedStore store =
                    ReplicatedStore.open(strict, world.time, world.disk(), "node", List.of(world.a, world.b));
            store.start(() -> List.of(TwoHomes.NAMESPACE.id()));
            putMany(store, 20);
            world.cutOffB(store);
            world.b.inject(new Fault(FaultMode.THROTTLED, 0.06, Set.of(Operation.values()), Duration.ZERO));
            world.placeB.cut(false);
            world.await("b is current", 60 * SECOND, () -> allCurrent(store));
        });
    }

    @Test
    void firstStartWithOneProviderAwayIsWholeOnceItAnswers() {
        inEveryWorld(world -> {
            world.placeB.cut(true);
            ReplicatedStore store = world.started();
            putMany(store, 5);
            world.placeB.cut(false);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
        });
    }
}

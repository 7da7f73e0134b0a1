package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.world.World;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads when no provider is left whose word counts: what is found is answered and said to be unconfirmed; that something is not
 * there is not answered, and nobody is kept waiting for that. The store's own threads are not started, so the states stay as
 * the reads make them.
 */
class NobodyVouchesTest {
    private static final int SEEDS = 10;
    private static final long MILLI = 1_000_000L;
    private static final long AT_ONCE = 100 * MILLI;
    private static final Latency NEAR = new Latency(100_000, 400_000, 0, 0);
    private static final Key THERE = Key.of("there");
    private static final Key NOT_THERE = Key.of("not-there");
    private static final byte[] NOTHING = {};
    private static final Namespace NAMESPACE =
            new Namespace(World.NAMESPACE, "n", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);

    /** What happens in one world, on a thread of it. */
    private interface Story {
        void of(Two world) throws Exception;
    }

    private static void inEveryWorld(Story story) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Two world = new Two(seed);
            world.scheduler.run(world.time.process(), () -> {
                try {
                    story.of(world);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** A store over two providers, and what may befall them. */
    private static final class Two {
        private final SplittableRandom random;
        private final Scheduler scheduler;
        private final SimulatedTime time;
        private final SimulatedProvider placeA;
        private final SimulatedProvider placeB;
        private final FaultyProvider a;
        private final FaultyProvider b;

        Two(long seed) {
            random = new SplittableRandom(seed);
            scheduler = new Scheduler(random.split(), Pace.EVEN, 1_000_000);
            time = new SimulatedTime(scheduler, new Process("node"), random.split());
            placeA = new SimulatedProvider("a", scheduler, random.split(), NEAR, NEAR);
            placeB = new SimulatedProvider("b", scheduler, random.split(), NEAR, NEAR);
            a = new FaultyProvider(placeA, time);
            b = new FaultyProvider(placeB, time);
        }

        /** A node with a disk that remembers nothing. */
        ReplicatedStore open() throws Exception {
            SimulatedDisk disk = new SimulatedDisk(scheduler, random.split(), NEAR, false);
            return ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, List.of(a, b));
        }

        ReplicatedStore openWithOneKey() throws Exception {
            ReplicatedStore store = open();
            assertThat(store.put(NAMESPACE, THERE, new byte[] {1}, NOTHING, Record.NEVER, Condition.NONE))
                    .isInstanceOf(Written.Acknowledged.class);
            return store;
        }

        void refuseAll() {
            a.inject(Fault.of(FaultMode.UNAUTHORIZED));
            b.inject(Fault.of(FaultMode.UNAUTHORIZED));
        }

        /** Reads until no provider is current any more. */
        void readUntilNobodyIsCurrent(ReplicatedStore store) {
            while (states(store).contains(ProviderState.CURRENT)) {
                store.get(NAMESPACE.id(), THERE, ReadMode.CONFIRMED);
                time.park(10 * MILLI);
            }
        }

        /** The answer, which must be there within {@code nanos}. */
        Answer get(ReplicatedStore store, Key key, ReadMode mode, long nanos) {
            long began = time.nanos();
            Answer answer = store.get(NAMESPACE.id(), key, mode);
            assertThat(time.nanos() - began).as("nanoseconds until %s", answer).isLessThan(nanos);
            return answer;
        }
    }

    private static List<ProviderState> states(ReplicatedStore store) {
        return store.status().providers().stream().map(ProviderView::state).toList();
    }

    private static void assertFoundButUnconfirmed(Answer answer) {
        assertThat(answer).isInstanceOfSatisfying(Answer.Found.class, found -> {
            assertThat(found.freshness().confirmed()).isFalse();
            assertThat(found.freshness().note()).isNotEmpty();
        });
    }

    private static void assertUnavailable(Answer answer, Reason reason) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Unavailable.class,
                        unavailable -> assertThat(unavailable.why().reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @EnumSource
    void withEveryProviderToBeComparedARecordIsUnconfirmedAndAnAbsenceUnavailableAtOnce(ReadMode mode) {
        inEveryWorld(world -> {
            world.openWithOneKey();
            ReplicatedStore amnesiac = world.open();
            assertThat(states(amnesiac)).containsOnly(ProviderState.CATCHING_UP);
            assertFoundButUnconfirmed(world.get(amnesiac, THERE, mode, AT_ONCE));
            assertUnavailable(world.get(amnesiac, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void providerThatIsToBeComparedAndSilentIsWaitedForNoLongerThanItsDeadline(ReadMode mode) {
        long deadline = ReplicationConfig.DEFAULT.maxDeadline().toNanos();
        inEveryWorld(world -> {
            world.openWithOneKey();
            ReplicatedStore amnesiac = world.open();
            world.b.inject(Fault.of(FaultMode.BLACKHOLE));
            assertFoundButUnconfirmed(world.get(amnesiac, THERE, mode, deadline + AT_ONCE));
            assertUnavailable(world.get(amnesiac, NOT_THERE, mode, deadline + AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void providersThatRefuseEverythingAreAskedOnceAndNotUntilTheReadTimesOut(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = world.openWithOneKey();
            world.refuseAll();
            world.readUntilNobodyIsCurrent(store);
            assertThat(states(store)).contains(ProviderState.SUSPECT);
            assertUnavailable(world.get(store, THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
            assertUnavailable(world.get(store, NOT_THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
        });
    }

    @ParameterizedTest
    @EnumSource
    void suspectThatAnswersAgainGivesRecordsUnconfirmedAndVouchesForNoAbsence(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = world.openWithOneKey();
            world.refuseAll();
            world.readUntilNobodyIsCurrent(store);
            world.a.clear();
            world.b.clear();
            assertFoundButUnconfirmed(world.get(store, THERE, mode, AT_ONCE));
            assertUnavailable(world.get(store, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void keyThatEveryPlaceHasLostIsUnavailableAtOnceAndNotMissing(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = world.openWithOneKey();
            world.placeA.wipe();
            world.placeB.wipe();
            assertUnavailable(world.get(store, THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
            // Empty places now stand where the others were: they answer, and lack what this node knows of.
            world.placeA.initialise(new Identity("a".repeat(32), 2));
            world.placeB.initialise(new Identity("b".repeat(32), 2));
            assertThat(states(store)).containsOnly(ProviderState.SUSPECT);
            assertUnavailable(world.get(store, THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
            assertUnavailable(world.get(store, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }
}

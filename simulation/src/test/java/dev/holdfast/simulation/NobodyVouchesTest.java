package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Written;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads when no provider is left whose word counts: what is found is answered and said to be unconfirmed; that something is not
 * there is not answered, and nobody is kept waiting for that.
 */
class NobodyVouchesTest {
    private static final long AT_ONCE = 100 * MILLI;
    /** When all have just been lost at once, the store waits a moment for one to be back. */
    private static final long SOON = 300 * MILLI + AT_ONCE;

    private static final Key THERE = Key.of("there");
    private static final Key NOT_THERE = Key.of("not-there");

    private static ReplicatedStore openWithOneKey(TwoHomes world) throws Exception {
        ReplicatedStore store = world.open(world.disk());
        assertThat(put(store, THERE)).isInstanceOf(Written.Acknowledged.class);
        return store;
    }

    /** Both providers refuse everything, and have done so until neither was current any more. */
    private static void refuseAll(TwoHomes world, ReplicatedStore store) {
        world.a.inject(Fault.of(FaultMode.UNAUTHORIZED));
        world.b.inject(Fault.of(FaultMode.UNAUTHORIZED));
        while (states(store).contains(ProviderState.CURRENT)) {
            store.get(NAMESPACE.id(), THERE, ReadMode.CONFIRMED);
            world.time.park(10 * MILLI);
        }
        assertThat(states(store)).contains(ProviderState.SUSPECT);
    }

    /** The answer, which must be there within {@code nanos}. */
    private static Answer get(TwoHomes world, ReplicatedStore store, Key key, ReadMode mode, long nanos) {
        long began = world.time.nanos();
        Answer answer = store.get(NAMESPACE.id(), key, mode);
        assertThat(world.time.nanos() - began)
                .as("nanoseconds until %s", answer)
                .isLessThan(nanos);
        return answer;
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
            openWithOneKey(world);
            ReplicatedStore amnesiac = world.open(world.disk());
            assertThat(states(amnesiac)).containsOnly(ProviderState.CATCHING_UP);
            assertFoundButUnconfirmed(get(world, amnesiac, THERE, mode, AT_ONCE));
            assertUnavailable(get(world, amnesiac, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void providerThatIsToBeComparedAndSilentIsWaitedForNoLongerThanItsDeadline(ReadMode mode) {
        long deadline = ReplicationConfig.DEFAULT.maxDeadline().toNanos() + AT_ONCE;
        inEveryWorld(world -> {
            openWithOneKey(world);
            ReplicatedStore amnesiac = world.open(world.disk());
            world.b.inject(Fault.of(FaultMode.BLACKHOLE));
            assertFoundButUnconfirmed(get(world, amnesiac, THERE, mode, deadline));
            assertUnavailable(get(world, amnesiac, NOT_THERE, mode, deadline), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void providersThatRefuseEverythingAreAskedOnceAndNotUntilTheReadTimesOut(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = openWithOneKey(world);
            refuseAll(world, store);
            assertUnavailable(get(world, store, THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
            assertUnavailable(get(world, store, NOT_THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
        });
    }

    @ParameterizedTest
    @EnumSource
    void suspectThatAnswersAgainGivesRecordsUnconfirmedAndVouchesForNoAbsence(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = openWithOneKey(world);
            refuseAll(world, store);
            world.a.clear();
            world.b.clear();
            assertFoundButUnconfirmed(get(world, store, THERE, mode, AT_ONCE));
            assertUnavailable(get(world, store, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void keyThatEveryPlaceHasLostIsSoonUnavailableAndNotMissing(ReadMode mode) {
        inEveryWorld(world -> {
            ReplicatedStore store = openWithOneKey(world);
            world.placeA.wipe();
            world.placeB.wipe();
            assertUnavailable(get(world, store, THERE, mode, SOON), Reason.NO_PROVIDER);
            // Empty places now stand where the others were: they answer, and lack what this node knows of.
            world.placeA.initialise(new Identity("a".repeat(32), 2));
            world.placeB.initialise(new Identity("b".repeat(32), 2));
            assertThat(states(store)).containsOnly(ProviderState.SUSPECT);
            assertUnavailable(get(world, store, THERE, mode, AT_ONCE), Reason.NO_PROVIDER);
            assertUnavailable(get(world, store, NOT_THERE, mode, AT_ONCE), Reason.UNCONFIRMED_ABSENCE);
        });
    }
}

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
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import org.junit.jupiter.api.Test;

/** What long worlds of the simulator found where one home is left, which is in trouble, too: each told as a story. */
class LastHomeTest {
    private static final byte[] EVERYTHING = {};

    private static Listing list(ReplicatedStore store) {
        return store.list(TwoHomes.NAMESPACE.id(), EVERYTHING, null, 1000);
    }

    /** Seeds 0, 23, 39, 165 and 237. */
    @Test
    void listingByTheLastHomeDoesNotVouchForItselfWhenThatHasBeenPutBackInTime() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("before"))).isInstanceOf(Written.Acknowledged.class);
            world.time.park(2 * SECOND);
            world.placeA.backUp();
            assertThat(put(store, Key.of("after"))).isInstanceOf(Written.Acknowledged.class);
            world.time.park(2 * SECOND);
            world.cutOffB(store);
            assertThat(list(store))
                    .isInstanceOfSatisfying(
                            Listing.Keys.class,
                            keys -> assertThat(keys.confirmed()).isTrue());
            world.placeA.rollBack();
            for (int i = 0; i < 4; i++) {
                if (list(store) instanceof Listing.Keys keys && keys.confirmed()) {
                    assertThat(keys.keys()).extracting(Listed::key).contains(Key.of("after"));
                }
                world.time.park(SECOND);
            }
        });
    }

    /** Seed 140: the last home had acknowledged a write and not kept it. */
    @Test
    void listingShowsWhatThisNodeHasWrittenThoughTheLastHomeHasLostIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            world.b.inject(Fault.of(FaultMode.ACKNOWLEDGED_THEN_LOST));
            Written last = put(store, Key.of("k"));
            assertThat(last).isInstanceOf(Written.Acknowledged.class);
            world.b.clear();
            // Its high-water mark does not show it any more.
            assertThat(put(store, Key.of("z"))).isInstanceOf(Written.Acknowledged.class);
            world.placeA.cut(true);
            world.await("a is seen to be gone", 30 * SECOND, () -> states(store).getFirst() == ProviderState.DOWN);
            if (list(store) instanceof Listing.Keys keys && keys.confirmed()) {
                assertThat(keys.keys().getFirst().head().version())
                        .isEqualTo(((Written.Acknowledged) last).receipt().version());
            }
        });
    }

    /** Seed 187. */
    @Test
    void listingWaitsForTheHomeThatIsBackInAMomentWhenTheOtherOneCrashes() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            world.cutOffB(store);
            world.placeB.cut(false);
            world.placeA.crash();
            assertThat(list(store)).isInstanceOf(Listing.Keys.class);
        });
    }

    /** Seed 46: the call waited for the one whose word counted, and then did not ask the other one. */
    @Test
    void readIsAnsweredWithoutVouchingByTheHomeThatIsInDoubtWhenTheOtherOneHasGone() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            world.placeB.backUp();
            world.time.park(3 * SECOND);
            // It is in doubt, and cannot be compared with anybody from then on.
            world.placeB.rollBack();
            world.await("b is in doubt", 30 * SECOND, () -> states(store).getLast() != ProviderState.CURRENT);
            world.placeA.cut(true);
            assertThat(store.get(TwoHomes.NAMESPACE.id(), Key.of("k"), ReadMode.CONFIRMED))
                    .isInstanceOf(Answer.Found.class);
        });
    }

    /** Seed 375: the one in doubt was resting, and was not tried before its time though it was all there was. */
    @Test
    void writeGoesToTheHomeThatIsInDoubtWhenTheOtherOneHasGone() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            world.placeB.backUp();
            world.time.park(3 * SECOND);
            world.placeB.rollBack();
            world.await("b is in doubt", 30 * SECOND, () -> states(store).getLast() != ProviderState.CURRENT);
            world.placeA.crash();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
        });
    }

    /** Seeds 397 and 597: the write waited five seconds for the one provider that it had been sent to. */
    @Test
    void writeWhoseOnlyTakerIsCutOffGoesToTheOneThatReturns() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            world.cutOffB(store);
            world.placeB.cut(false);
            world.placeA.cut(true);
            assertThat(put(store, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
        });
    }

    /** Seed 109: the first try of a provider had the time of all its calls, though one had been lost. */
    @Test
    void nodeThatStartsWhileCallsGetLostServesSoonAfterTheyNoLongerDo() {
        inEveryWorld(world -> {
            ReplicatedStore first = world.started();
            assertThat(put(first, Key.of("k"))).isInstanceOf(Written.Acknowledged.class);
            first.close();
            world.placeA.cut(true);
            world.placeB.cut(true);
            ReplicatedStore store = world.started();
            world.time.park(500 * MILLI);
            world.placeA.cut(false);
            world.placeB.cut(false);
            world.await(
                    "somebody takes writes", 3 * SECOND, () -> put(store, Key.of("k")) instanceof Written.Acknowledged);
            world.await("both are current again", 30 * SECOND, () -> allCurrent(store));
        });
    }
}

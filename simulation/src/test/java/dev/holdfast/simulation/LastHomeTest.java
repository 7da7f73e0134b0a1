package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

    /** @param now takes back that {@code then} is to happen, once it does: at the next look at what this node has left at a */
    private static ReplicatedStore startedWithAtTheLook(TwoHomes world, AtomicBoolean now, Runnable then)
            throws Exception {
        return world.started(
                world.disk(),
                provider -> Before.each(provider, (name, call, arguments) -> {
                    boolean looks = call.equals("sight") && arguments.getFirst().equals(NamespaceId.PLACE);
                    if (name.equals("a") && looks && now.compareAndSet(true, false)) {
                        then.run();
                    }
                }));
    }

    /** Seed 706: it was waited for until the end of the call. */
    @Test
    void listingByTheLastHomeLooksAtItAgainWhenALookIsLostOnItsWay() {
        inEveryWorld(world -> {
            AtomicBoolean lose = new AtomicBoolean();
            ReplicatedStore store = startedWithAtTheLook(world, lose, () -> {
                world.placeA.cut(true);
                world.time.fork("mend", () -> {
                    world.time.park(50 * MILLI);
                    world.placeA.cut(false);
                });
            });
            acknowledged(store, Key.of("k"));
            world.time.park(3 * SECOND);
            world.cutOffB(store);
            lose.set(true);
            assertThat(list(store))
                    .isInstanceOfSatisfying(
                            Listing.Keys.class,
                            keys -> assertThat(keys.confirmed()).isTrue());
            assertThat(lose).isFalse();
        });
    }

    /** Seeds 1004, 1032 and 1135: a node that was held up for a tenth of a second took the look for lost, and a read looks once. */
    @Test
    void conditionalWriteToTheLastHomeIsTakenThoughTheLookAtItIsLate() {
        inEveryWorld(world -> {
            AtomicBoolean late = new AtomicBoolean();
            ReplicatedStore store = startedWithAtTheLook(world, late, () -> world.time.park(200 * MILLI));
            Version version = acknowledged(store, Key.of("k"));
            world.time.park(3 * SECOND);
            world.cutOffB(store);
            late.set(true);
            Condition unchanged = new Condition.Matches(version);
            assertThat(store.put(TwoHomes.NAMESPACE, Key.of("k"), new byte[] {2}, EVERYTHING, Record.NEVER, unchanged))
                    .isInstanceOf(Written.Acknowledged.class);
            assertThat(late).isFalse();
        });
    }

    /** Seed 1040: by the end of the listing the place had been compared and was current, but what it had listed was from before. */
    @Test
    void listingOfAPlaceInDoubtDoesNotVouchForItselfOnceThePlaceHasBeenCompared() {
        inEveryWorld(world -> {
            AtomicBoolean back = new AtomicBoolean();
            AtomicReference<ReplicatedStore> last = new AtomicReference<>();
            SimulatedDisk disk = world.disk();
            ReplicatedStore first = world.started(disk);
            acknowledged(first, Key.of("k"));
            world.time.park(2 * SECOND);
            world.placeA.backUp();
            Version newest = acknowledged(first, Key.of("k"));
            first.close();
            ReplicatedStore store = world.started(
                    disk,
                    provider -> Before.answers(provider, (_, call, arguments) -> {
                        boolean lists =
                                call.equals("scan") && arguments.getFirst().equals(TwoHomes.NAMESPACE.id());
                        if (lists && back.compareAndSet(true, false)) {
                            world.placeB.cut(false);
                            world.await("both are current", 60 * SECOND, () -> allCurrent(last.get()));
                        }
                    }));
            last.set(store);
            world.await("both are current", 30 * SECOND, () -> allCurrent(store));
            world.time.park(2 * SECOND);
            world.cutOffB(store);
            world.placeA.rollBack();
            world.await("a is in doubt", 30 * SECOND, () -> states(store).getFirst() != ProviderState.CURRENT);
            back.set(true);
            Listing listing = list(store);
            assertThat(back).isFalse();
            if (listing instanceof Listing.Keys keys && keys.confirmed()) {
                assertThat(keys.keys().getFirst().head().version()).isEqualTo(newest);
            }
        });
    }

    /** Seeds 476, 502, 2117 and 2779: it gave up, though the other home was about to be back. */
    @Test
    void listingIsConfirmedByTheHomeThatReturnsWhenTheLastOneTurnsOutToHaveBeenPutBackInTime() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            acknowledged(store, Key.of("before"));
            world.time.park(2 * SECOND);
            world.placeA.backUp();
            acknowledged(store, Key.of("after"));
            world.time.park(2 * SECOND);
            world.cutOffB(store);
            world.placeB.cut(false);
            world.placeA.rollBack();
            assertThat(list(store)).isInstanceOfSatisfying(Listing.Keys.class, keys -> {
                assertThat(keys.confirmed()).isTrue();
                assertThat(keys.keys()).extracting(Listed::key).contains(Key.of("after"));
            });
        });
    }
}

package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What the simulator found once a second provider could be in trouble before the first was well again, each told as a story. The
 * seeds are of worlds with nothing but {@code back-alone}.
 */
class TwoInTroubleTest {
    private static final Key BEFORE = Key.of("before");
    private static final Key AFTER = Key.of("after");

    /**
     * A node writes, a copy of a is made, it writes again and is stopped.
     *
     * @param goesOnNanos how long it runs after that
     * @return the version that the copy lacks
     */
    private static Version writtenAfterACopy(TwoHomes world, SimulatedDisk disk, long goesOnNanos) throws Exception {
        ReplicatedStore first = world.started(disk);
        acknowledged(first, BEFORE);
        world.time.park(SECOND);
        world.placeA.backUp();
        Version newest = acknowledged(first, BEFORE);
        if (goesOnNanos > 0) {
            world.time.park(goesOnNanos);
        }
        first.close();
        return newest;
    }

    private static void vouchesForNothingOlder(
            TwoHomes world, ReplicatedStore store, Version newest, int reads, long pauseNanos) {
        for (int i = 0; i < reads; i++) {
            if (store.get(NAMESPACE.id(), BEFORE, ReadMode.CONFIRMED) instanceof Answer.Found found
                    && found.freshness().confirmed()) {
                assertThat(found.record().version()).isEqualTo(newest);
            }
            world.time.park(pauseNanos);
        }
    }

    /** Seed 23: what the node left there next looked as if it had always been there. */
    @Test
    void placeThatIsPutBackJustBeforeANodeShowsItselfThereIsNoticed() {
        inEveryWorld(world -> {
            AtomicBoolean now = new AtomicBoolean();
            ReplicatedStore store = world.started(
                    world.disk(),
                    provider -> Before.each(provider, (name, call, arguments) -> {
                        boolean shows = call.equals("putIfNewer")
                                && arguments.getFirst().equals(NamespaceId.PLACE);
                        if (name.equals("a") && shows && now.compareAndSet(true, false)) {
                            world.placeA.rollBack();
                        }
                    }));
            acknowledged(store, BEFORE);
            world.time.park(3 * SECOND);
            world.placeA.backUp();
            acknowledged(store, AFTER);
            world.time.park(3 * SECOND);
            now.set(true);
            world.await(
                    "it is given what it lost",
                    30 * SECOND,
                    () -> !now.get() && world.placeA.held(NAMESPACE.id(), AFTER) != null);
        });
    }

    /** Seeds 85, 212 and 388: nobody had looked at the place for up to a second. */
    @Test
    void readByTheLastHomeDoesNotVouchForItselfWhenThatHasBeenPutBackInTime() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Version newest = writtenAfterACopy(world, disk, 0);
            // This one does not remember what it has shown.
            ReplicatedStore store = world.started(disk);
            world.time.park(3 * SECOND);
            world.cutOffB(store);
            world.placeA.rollBack();
            vouchesForNothingOlder(world, store, newest, 400, 10 * MILLI);
        });
    }

    /** Seeds 174, 670 and 1164 of worlds of twelve minutes: what the node had left there was forgotten before the place was in doubt. */
    @Test
    void readByTheLastHomeDoesNotVouchForItselfWhileTheDiskHasYetToKeepThatThisHasGoneBack() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Version newest = writtenAfterACopy(world, disk, 0);
            AtomicBoolean looks = new AtomicBoolean();
            ReplicatedStore store = world.started(
                    disk,
                    provider -> Before.each(provider, (name, call, arguments) -> {
                        boolean look =
                                call.equals("scan") && arguments.getFirst().equals(NamespaceId.PLACE);
                        if (name.equals("a") && look && looks.compareAndSet(true, false)) {
                            disk.stall(2 * SECOND);
                        }
                    }));
            world.time.park(3 * SECOND);
            world.cutOffB(store);
            world.placeA.rollBack();
            // Its high-water mark does not show it any more.
            acknowledged(store, AFTER);
            looks.set(true);
            world.await("the node looks", 5 * SECOND, () -> !looks.get());
            vouchesForNothingOlder(world, store, newest, 100, MILLI);
        });
    }

    /** Seed 648 of ordinary worlds: it had left nothing there yet since it started, and its first write hid that the place had gone back. */
    @Test
    void placeThatIsPutBackWhileANodeStartsIsKnownByWhatItLeftThereBefore() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Version newest = writtenAfterACopy(world, disk, 3 * SECOND);
            world.placeB.cut(true);
            AtomicBoolean gone = new AtomicBoolean();
            ReplicatedStore store = world.started(
                    disk,
                    provider -> Before.each(provider, (name, call, _) -> {
                        boolean writes = call.startsWith("put") || call.equals("queue");
                        if (name.equals("a") && writes && gone.compareAndSet(false, true)) {
                            world.placeA.rollBack();
                        }
                    }));
            put(store, AFTER);
            assertThat(gone).isTrue();
            vouchesForNothingOlder(world, store, newest, 400, 10 * MILLI);
        });
    }

    /** Seed 2: neither held what still waited for the other one, so no difference showed. */
    @Test
    void placeThatLostSomethingIsComparedOnceTheOtherOneHasBeenGivenWhatItMissed() {
        assertThat(HomeStories.comparisonWhileHintsWait()).isEmpty();
    }

    /** Rule 7. */
    @Test
    void writeThatCameToOneHomeOutlivesItOnceItHasBeenShown() {
        assertThat(HomeStories.writeThatCameToOneHome()).isEmpty();
    }

    /** Rule 9. */
    @Test
    void whatIsWrittenAfterAStartIsNewerThanWhatAClockThatWasAheadHadStamped() {
        assertThat(HomeStories.writesUnderAClockThatWasAhead()).isEmpty();
    }

    /** Seed 6984 of worlds of twelve minutes, and others that had few calls: the floor was lost with the places, one after the other. */
    @Test
    void whatWasDeletedAndCollectedDoesNotComeBackWithACopyOfBefore() {
        assertThat(HomeStories.deletesCollectedBeforeAPlaceWasMadeAnew()).isEmpty();
    }

    /** Seed 1199 of worlds of twelve minutes: the home that was away came back by its hints, among which there was none of that write. */
    @Test
    void writeThatAStopCutShortOutlivesTheHomeItCameToOnceItHasBeenShown() {
        assertThat(HomeStories.writeThatAStopCutShort()).isEmpty();
    }

    /**
     * Seeds 1230, 1463 and 1495 of worlds of twelve minutes: the other home was silent, and this node had not kept a hint for it yet when
     * the one that held the value went back.
     */
    @Test
    void writeUnderWayThatOneHomeHoldsIsNotShownBeforeItLiesInASecondPlace() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore store = world.started(disk);
            Version before = acknowledged(store, BEFORE);
            world.time.park(SECOND);
            world.placeB.cut(true);
            world.time.fork("writer", () -> acknowledged(store, BEFORE));
            world.await(
                    "a holds it",
                    SECOND,
                    () -> !before.equals(
                            world.placeA.held(NAMESPACE.id(), BEFORE).version()));
            disk.stall(SECOND);
            assertThat(store.get(NAMESPACE.id(), BEFORE, ReadMode.CONFIRMED))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().version().newerThan(before))
                                    .isTrue());
            assertThat(disk.durable(LocalStore.Table.HINTS)).isNotEmpty();
        });
    }

    /** Seed 384: the thread that brings a provider back called it itself, was interrupted when that hung, and ended. */
    @Test
    void providerThatHangsAsItIsAboutToBeGivenWhatItMissedComesBackAllTheSame() {
        inEveryWorld(world -> {
            AtomicBoolean hung = new AtomicBoolean();
            AtomicReference<ReplicatedStore> running = new AtomicReference<>();
            ReplicatedStore store = world.started(
                    world.disk(),
                    provider -> Before.each(provider, (name, call, arguments) -> {
                        boolean asksWhetherRemoved = call.equals("get")
                                && arguments.getFirst().equals(NamespaceId.SYSTEM)
                                && arguments.getLast().toString().startsWith("node/");
                        ReplicatedStore now = running.get();
                        if (name.equals("b")
                                && asksWhetherRemoved
                                && now != null
                                && states(now).getLast() == ProviderState.CATCHING_UP
                                && hung.compareAndSet(false, true)) {
                            world.placeB.cut(true);
                        }
                    }));
            running.set(store);
            acknowledged(store, BEFORE);
            world.cutOffB(store);
            acknowledged(store, AFTER);
            world.placeB.cut(false);
            world.await("b hangs", 30 * SECOND, hung::get);
            world.time.park(10 * SECOND);
            world.placeB.cut(false);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
        });
    }
}

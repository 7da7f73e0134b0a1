package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.inOneWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.ScrubConfig;
import dev.holdfast.engine.replication.ScrubStatus;
import dev.holdfast.engine.replication.ScrubStatus.ProviderPass;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every record at rest is read in full now and then, and what is damaged is made good before anybody needs it. */
class ScrubTest {
    private static final int KEYS = 200;
    private static final Key ROTTEN = Key.of("k7");

    private static void fill(ReplicatedStore store) {
        for (int i = 0; i < KEYS; i++) {
            acknowledged(store, Key.of("k" + i));
        }
    }

    private static ReplicatedStore filled(TwoHomes world) throws Exception {
        ReplicatedStore store = world.started();
        fill(store);
        return store;
    }

    private static ReplicatedStore open(TwoHomes world, SimulatedDisk disk, ScrubConfig scrub) throws Exception {
        ReplicatedStore store = ReplicatedStore.open(
                ReplicationConfig.DEFAULT.withScrub(scrub), world.time, disk, "node", List.of(world.a, world.b));
        store.start(() -> List.of(NAMESPACE.id()));
        return store;
    }

    private static ScrubStatus scrub(TwoHomes world, ReplicatedStore store) {
        store.scrubNow();
        world.await("all is read", 600 * SECOND, () -> !store.scrubbing().running());
        return store.scrubbing();
    }

    private static byte[] valueAt(SimulatedProvider place, Key key) {
        Record record = place.record(NAMESPACE.id(), key);
        return record == null ? new byte[0] : record.value();
    }

    @Test
    void damagedValueThatNobodyReadsIsFoundAndRepairedFromTheOtherHome() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            store.compareNow();
            world.await("all is compared", 60 * SECOND, () -> store.comparing().finishedAt() > 0);
            assertThat(valueAt(world.placeB, ROTTEN)).as("after a comparison").isEmpty();

            ScrubStatus found = scrub(world, store);
            assertThat(valueAt(world.placeB, ROTTEN)).containsExactly(1);
            assertThat(found.counts().damaged()).isEqualTo(1);
            assertThat(found.counts().repaired()).isEqualTo(1);
            assertThat(found.counts().keys()).isGreaterThanOrEqualTo(2 * KEYS);
            assertThat(found.damaged()).isEmpty();
            assertThat(found.providers())
                    .allSatisfy(pass -> assertThat(pass.counts().keys()).isGreaterThanOrEqualTo(KEYS));
            assertThat(allCurrent(store)).isTrue();
            store.close();
        });
    }

    @Test
    void damageThatAScanSeesIsRepairedToo() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeA.rot(NAMESPACE.id(), ROTTEN, false);
            assertThat(scrub(world, store).counts().repaired()).isEqualTo(1);
            assertThat(valueAt(world.placeA, ROTTEN)).containsExactly(1);
            store.close();
        });
    }

    @Test
    void providerThatIsAwayWhenScrubbingIsAskedForIsReadAsSoonAsItIsBack() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            world.cutOffB(store);
            scrub(world, store);
            assertThat(valueAt(world.placeB, ROTTEN)).isEmpty();
            world.placeB.cut(false);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            world.await("it is read", 5 * SECOND, () -> !store.scrubbing().running());
            assertThat(valueAt(world.placeB, ROTTEN)).containsExactly(1);
            store.close();
        });
    }

    @Test
    void damagedAtEveryHomeItIsReportedAndKeptUntilSomebodyWritesItAgain() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeA.rot(NAMESPACE.id(), ROTTEN, true);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            ScrubStatus found = scrub(world, store);
            assertThat(found.beyondRepair()).isEqualTo(2);
            assertThat(found.damaged())
                    .allSatisfy(one -> assertThat(one.key()).isEqualTo(ROTTEN))
                    .extracting(ScrubStatus.DamagedKey::provider)
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(found.counts().repaired()).isZero();
            for (SimulatedProvider place : List.of(world.placeA, world.placeB)) {
                assertThat(place.content(NAMESPACE.id()).rows())
                        .as("still there")
                        .anySatisfy(row -> assertThat(row.key()).isEqualTo(ROTTEN));
            }
            assertThat(store.get(NAMESPACE.id(), ROTTEN, ReadMode.CONFIRMED)).isInstanceOf(Answer.Unavailable.class);

            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            acknowledged(store, ROTTEN);
            world.await("it is forgotten", 300 * SECOND, () -> store.scrubbing().beyondRepair() == 0);
            assertThat(store.scrubbing().damaged()).isEmpty();
            store.close();
        });
    }

    @Test
    void whatNobodyReadsIsReadAndAnOlderRecordIsNoRepair() {
        assertThat(ScrubStories.damageThatNobodyReads()).isEmpty();
        assertThat(ScrubStories.olderThanWhatIsDamaged()).isEmpty();
    }

    @Test
    void olderRecordDoesNotTakeThePlaceOfADamagedNewerOne() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            Version older = acknowledged(store, ROTTEN);
            Version newer = Version.of(older.millis() + 1, 0, older.stamp());
            world.placeB.putIfNewer(NAMESPACE.id(), ROTTEN, Record.of(newer, new byte[] {2}));
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            ScrubStatus found = scrub(world, store);
            assertThat(found.beyondRepair()).isEqualTo(1);
            assertThat(found.damaged().getFirst().version()).isEqualTo(newer);
            assertThat(world.placeB.record(NAMESPACE.id(), ROTTEN))
                    .as("left as it is")
                    .isNull();
            store.close();
        });
    }

    @Test
    void whileTheOtherHomeIsAwayItWaitsAndIsRepairedOnceThatIsBack() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeA.rot(NAMESPACE.id(), ROTTEN, true);
            world.cutOffB(store);
            ScrubStatus found = scrub(world, store);
            assertThat(found.beyondRepair()).isZero();
            assertThat(found.damaged()).hasSize(1);
            assertThat(found.providers().getLast().doing()).isEqualTo("waiting until the provider is current");
            world.placeB.cut(false);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            world.await(
                    "it is repaired",
                    5 * SECOND,
                    () -> store.scrubbing().damaged().isEmpty());
            assertThat(valueAt(world.placeA, ROTTEN)).containsExactly(1);
            world.await(
                    "b is read, too",
                    300 * SECOND,
                    () -> store.scrubbing().providers().getLast().endedAt() > 0);
            store.close();
        });
    }

    @Test
    void whatTheOtherHomeDoesNotAnswerForAMomentIsRepairedSoonAfter() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeA.rot(NAMESPACE.id(), ROTTEN, true);
            world.placeB.darken(List.of(ROTTEN));
            ScrubStatus found = scrub(world, store);
            assertThat(found.damaged()).hasSize(1);
            world.time.park(2 * SECOND);
            world.placeB.darken(List.of());
            world.await(
                    "it is repaired",
                    10 * SECOND,
                    () -> store.scrubbing().damaged().isEmpty());
            assertThat(valueAt(world.placeA, ROTTEN)).containsExactly(1);
            store.close();
        });
    }

    @Test
    void repairComesFromTheHintLogWhereNoOtherHomeHasItYet() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.cutOffB(store);
            byte[] news = {3};
            store.put(NAMESPACE, ROTTEN, news, new byte[0], Record.NEVER, Condition.NONE);
            world.placeA.rot(NAMESPACE.id(), ROTTEN, true);
            assertThat(scrub(world, store).counts().repaired()).isEqualTo(1);
            assertThat(valueAt(world.placeA, ROTTEN)).containsExactly(3);
            store.close();
        });
    }

    @Test
    void deletedKeyDoesNotComeBack() {
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            store.delete(NAMESPACE, ROTTEN, Condition.NONE);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            Key gone = Key.of("k8");
            world.cutOffB(store);
            store.delete(NAMESPACE, gone, Condition.NONE);
            world.placeB.rot(NAMESPACE.id(), gone, true);
            world.placeB.cut(false);
            world.await("b is back", 60 * SECOND, () -> allCurrent(store));
            scrub(world, store);
            for (Key key : List.of(ROTTEN, gone)) {
                Record record = world.placeB.record(NAMESPACE.id(), key);
                assertThat(record != null && record.tombstone())
                        .as("%s at b", key)
                        .isTrue();
                assertThat(store.get(NAMESPACE.id(), key, ReadMode.CONFIRMED)).isInstanceOf(Answer.Missing.class);
            }
            store.close();
        });
    }

    @Test
    void afterACrashThePassGoesOnWhereItWas() {
        inOneWorld(3, world -> {
            SimulatedDisk disk = world.disk();
            ScrubConfig slow = new ScrubConfig(Duration.ofDays(7), 10);
            ReplicatedStore before = open(world, disk, slow);
            fill(before);
            before.scrubNow();
            world.await(
                    "half of a is read",
                    600 * SECOND,
                    () -> first(before).counts().keys() > KEYS / 2);
            long begun = first(before).begunAt();
            // Closing keeps no more than a crash does: the pass itself notes where it is, every ten seconds.
            before.close();

            ReplicatedStore after = open(world, disk, new ScrubConfig(Duration.ofDays(7), 0));
            assertThat(first(after).begunAt()).isEqualTo(begun);
            assertThat(first(after).counts().keys()).isPositive();
            long readBefore = first(after).counts().keys();
            world.await("it goes on by itself", 300 * SECOND, () -> first(after).endedAt() > 0);
            assertThat(after.scrubbing().counts().keys() - last(after).counts().keys())
                    .as("read at a since")
                    .isLessThanOrEqualTo(first(after).counts().keys() - readBefore);
            after.close();
        });
    }

    private static ProviderPass first(ReplicatedStore store) {
        return store.scrubbing().providers().getFirst();
    }

    private static ProviderPass last(ReplicatedStore store) {
        return store.scrubbing().providers().getLast();
    }

    @Test
    void scheduleBeginsPassesByItselfAndNoneWhenItIsOff() {
        inOneWorld(4, world -> {
            ReplicatedStore store = open(world, world.disk(), new ScrubConfig(Duration.ofMinutes(20), 0));
            acknowledged(store, ROTTEN);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            world.await(
                    "it is repaired",
                    2400 * SECOND,
                    () -> store.scrubbing().counts().repaired() == 1);
            store.close();
        });
        inOneWorld(5, world -> {
            ReplicatedStore store = open(world, world.disk(), new ScrubConfig(Duration.ZERO, 0));
            put(store, ROTTEN);
            world.time.park(1500 * SECOND);
            assertThat(first(store).begunAt()).isZero();
            store.close();
        });
    }

    @Test
    void readsNoMoreBytesASecondThanItMay() {
        inOneWorld(6, world -> {
            ReplicatedStore store = open(world, world.disk(), new ScrubConfig(Duration.ofDays(7), 100));
            fill(store);
            store.scrubNow();
            world.time.park(2 * SECOND);
            long before = store.scrubbing().counts().bytes();
            world.time.park(20 * SECOND);
            assertThat(store.scrubbing().counts().bytes() - before).isBetween(500L, 2_600L);
            assertThat(store.status().providers()).allMatch(one -> one.state() == ProviderState.CURRENT);
            store.close();
        });
    }
}

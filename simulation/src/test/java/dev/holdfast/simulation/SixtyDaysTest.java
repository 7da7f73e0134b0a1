package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Role;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A provider that was away for sixty days brings nothing back that was deleted meanwhile (promise P5), and lacks nothing that was
 * written. The node works for a part of each day, so that sixty of them can be told.
 */
class SixtyDaysTest {
    private static final int DAYS = 60;
    private static final long NIGHT_NANOS = Duration.ofHours(23).toNanos();
    private static final int EVERY_DAY = 4;
    /** Each day some are deleted, some written again, and some left as they are. */
    private static final int KEYS = 3 * EVERY_DAY * DAYS;

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final ReplicationConfig COLLECTING =
            ReplicationConfig.DEFAULT.withCollecting(AT_ONCE, AT_ONCE, AT_ONCE);

    /** What users know of. */
    private final Map<Key, Version> kept = new LinkedHashMap<>();

    private final Set<Key> deleted = new LinkedHashSet<>();

    /** Changes what the day is for. */
    private interface Day {
        void of(ReplicatedStore store) throws Exception;
    }

    private static ReplicatedStore opened(TwoHomes world, SimulatedDisk disk, List<Provider> providers)
            throws Exception {
        ReplicatedStore store = ReplicatedStore.open(COLLECTING, world.time, disk, "node", providers);
        store.start(() -> List.of(NAMESPACE.id()));
        return store;
    }

    private static void on(TwoHomes world, SimulatedDisk disk, List<Provider> providers, Day day) throws Exception {
        ReplicatedStore store = opened(world, disk, providers);
        day.of(store);
        store.close();
        world.time.park(NIGHT_NANOS);
    }

    private void fill(ReplicatedStore store) {
        for (int i = 0; i < KEYS; i++) {
            kept.put(Key.of("k" + i), acknowledged(store, Key.of("k" + i)));
        }
    }

    private void change(ReplicatedStore store, int day) {
        for (int i = 0; i < EVERY_DAY; i++) {
            Key gone = Key.of("k" + (3 * (day * EVERY_DAY + i)));
            assertThat(store.delete(NAMESPACE, gone, Condition.NONE)).isInstanceOf(Written.Acknowledged.class);
            kept.remove(gone);
            deleted.add(gone);
            Key again = Key.of("k" + (3 * (day * EVERY_DAY + i) + 1));
            kept.put(again, acknowledged(store, again));
            Key other = Key.of("new-" + day + "-" + i);
            kept.put(other, acknowledged(store, other));
        }
    }

    /** Every day something changes, and then {@code more} happens. */
    private void everyDay(TwoHomes world, SimulatedDisk disk, List<Provider> providers, Day more) throws Exception {
        for (int i = 0; i < DAYS; i++) {
            int day = i;
            on(world, disk, providers, store -> {
                change(store, day);
                more.of(store);
            });
        }
    }

    private void awaitCollected(TwoHomes world, SimulatedProvider place) {
        world.await(
                "what was deleted is collected",
                300 * SECOND,
                () -> deleted.stream().noneMatch(key -> place.held(NAMESPACE.id(), key) != null));
    }

    private void assertNothingCameBack(TwoHomes world, ReplicatedStore store, List<SimulatedProvider> places) {
        world.await("all are current", 300 * SECOND, () -> TwoHomes.allCurrent(store));
        for (Key key : deleted) {
            assertThat(store.get(NAMESPACE.id(), key, ReadMode.FRESH)).isInstanceOf(Answer.Missing.class);
            assertThat(places)
                    .as("nobody holds " + key + " alive")
                    .noneMatch(place -> alive(place.held(NAMESPACE.id(), key)));
        }
        kept.forEach((key, version) -> {
            assertThat(store.get(NAMESPACE.id(), key, ReadMode.FRESH))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().version()).isEqualTo(version));
            assertThat(places).allMatch(place -> holds(place.held(NAMESPACE.id(), key), version));
        });
        assertThat(deleted).hasSize(DAYS * EVERY_DAY);
    }

    private static boolean alive(@Nullable Head head) {
        return head != null && !head.tombstone();
    }

    private static boolean holds(@Nullable Head head, Version version) {
        return head != null && head.version().equals(version);
    }

    private static ProviderView view(ReplicatedStore store, String name) {
        return store.status().providers().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneThatCouldNotBeReached() {
        TwoHomes.inOneWorld(1, world -> {
            SimulatedProvider placeC = world.place("c");
            List<Provider> all = List.of(world.a, world.b, placeC);
            SimulatedDisk disk = world.disk();
            on(world, disk, all, this::fill);
            world.placeB.cut(true);
            everyDay(world, disk, all, store -> {});
            world.placeB.cut(false);
            ReplicatedStore store = opened(world, disk, all);
            assertNothingCameBack(world, store, List.of(world.placeA, world.placeB, placeC));
            awaitCollected(world, world.placeB);
            store.close();
        });
    }

    /** Nobody knows any more what it missed. */
    @Test
    void oneThatCouldNotBeReachedAndWhoseHintsAreLostWithTheNode() {
        TwoHomes.inOneWorld(2, world -> {
            SimulatedProvider placeC = world.place("c");
            List<Provider> all = List.of(world.a, world.b, placeC);
            SimulatedDisk disk = world.disk();
            on(world, disk, all, this::fill);
            world.placeB.cut(true);
            everyDay(world, disk, all, store -> {});
            world.placeB.cut(false);
            ReplicatedStore store = opened(world, world.disk(), all);
            assertNothingCameBack(world, store, List.of(world.placeA, world.placeB, placeC));
            store.close();
        });
    }

    /** Of what was deleted meanwhile nobody has even a tombstone. */
    @Test
    void oneThatWasRemovedAndIsAddedAsItWas() {
        TwoHomes.inOneWorld(3, world -> {
            SimulatedProvider placeC = world.place("c");
            SimulatedDisk disk = world.disk();
            on(world, disk, List.of(world.a, world.b, placeC), store -> {
                fill(store);
                assertThat(store.placement().demote("b", 2)).isEqualTo(new Changed.Done(Role.LEAVING));
                assertThat(store.placement().remove("b")).isEqualTo(new Changed.Done(Role.REMOVED));
            });
            everyDay(world, disk, List.of(world.a, placeC), store -> awaitCollected(world, world.placeA));
            assertThat(deleted).allMatch(key -> alive(world.placeB.held(NAMESPACE.id(), key)));
            ReplicatedStore store = opened(world, disk, List.of(world.a, placeC));
            assertThat(store.placement().add(world.b)).isEqualTo(new Changed.Done(Role.JOINING));
            world.await(
                    "b holds all", 300 * SECOND, () -> view(store, "b").placed().complete());
            assertThat(store.placement().promote("b")).isEqualTo(new Changed.Done(Role.SERVING));
            assertNothingCameBack(world, store, List.of(world.placeA, world.placeB, placeC));
            store.close();
        });
    }

    @Test
    void oneThatIsPutBackToABackupOfSixtyDaysAgo() {
        TwoHomes.inOneWorld(4, world -> {
            SimulatedProvider placeC = world.place("c");
            List<Provider> all = List.of(world.a, world.b, placeC);
            SimulatedDisk disk = world.disk();
            on(world, disk, all, this::fill);
            world.placeB.backUp();
            everyDay(world, disk, all, store -> awaitCollected(world, world.placeB));
            world.placeB.rollBack();
            assertThat(deleted).allMatch(key -> alive(world.placeB.held(NAMESPACE.id(), key)));
            ReplicatedStore store = opened(world, disk, all);
            world.await("what came back is noticed", 30 * SECOND, () -> !TwoHomes.allCurrent(store));
            assertNothingCameBack(world, store, List.of(world.placeA, world.placeB, placeC));
            store.close();
        });
    }
}

package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people are told of a comparison pass. */
class ComparisonPassTest {
    private static final int KEYS = 20;

    private static ReplicatedStore startedWithKeys(TwoHomes world) throws Exception {
        ReplicatedStore store = world.started();
        for (int i = 0; i < KEYS; i++) {
            put(store, Key.of("k" + i));
        }
        return store;
    }

    private static ComparisonPass latest(ReplicatedStore store) {
        return Objects.requireNonNull(store.comparing().pass());
    }

    /** Asks for a pass over all and returns what is told of it at its end. */
    private static ComparisonPass compare(TwoHomes world, ReplicatedStore store) {
        long before = store.comparing().finishedAt();
        // So that the pass ends at another millisecond than the one before.
        world.time.park(2 * MILLI);
        store.compareNow();
        world.await("a pass is complete", 60 * SECOND, () -> store.comparing().finishedAt() > before);
        return latest(store);
    }

    @Test
    void nothingIsToldBeforeTheFirstPass() {
        inEveryWorld(
                world -> assertThat(startedWithKeys(world).comparing().pass()).isNull());
    }

    @Test
    void passCountsItsOwnKeysAndDifferencesAndNotThoseOfPassesBefore() {
        inEveryWorld(world -> {
            ReplicatedStore store = startedWithKeys(world);
            for (String key : new String[] {"k3", "k4", "k5"}) {
                world.placeB.rot(NAMESPACE.id(), Key.of(key), false);
            }
            long began = world.time.wallMillis();
            ComparisonPass first = compare(world, store);
            assertThat(first.providers()).containsExactly("a", "b");
            assertThat(first.compared()).isEqualTo(KEYS);
            assertThat(first.divergent()).isEqualTo(3);
            assertThat(first.repaired()).isEqualTo(3);
            assertThat(first.complete()).isTrue();
            assertThat(first.begunAt()).isBetween(began, first.endedAt());
            assertThat(first.endedAt()).isLessThanOrEqualTo(world.time.wallMillis());

            ComparisonPass second = compare(world, store);
            assertThat(second.compared()).isEqualTo(KEYS);
            assertThat(second.divergent()).isZero();
            assertThat(second.repaired()).isZero();
            assertThat(second.begunAt()).isGreaterThanOrEqualTo(first.endedAt());
            assertThat(store.status().counters().divergent()).isGreaterThanOrEqualTo(3);
            assertThat(store.status().counters().compared()).isGreaterThanOrEqualTo(2 * KEYS);
        });
    }

    @Test
    void marksOfAnOutageAreNoDifferences() {
        inEveryWorld(world -> {
            ReplicatedStore store = startedWithKeys(world);
            world.placeB.cut(true);
            put(store, Key.of("k0"));
            world.await("b is seen to be gone", 30 * SECOND, () -> !allCurrent(store));
            world.placeB.cut(false);
            world.await("b is current again", 30 * SECOND, () -> allCurrent(store));
            long before = store.status().counters().divergent();
            ComparisonPass pass = compare(world, store);
            assertThat(pass.compared()).isEqualTo(KEYS);
            assertThat(pass.divergent()).isZero();
            assertThat(store.status().counters().divergent()).as("since start").isGreaterThan(before);
        });
    }

    @Test
    void passIsUnderWayUntilItEndsAndIncompleteWhenAProviderLeaves() {
        inEveryWorld(world -> {
            ReplicatedStore store = startedWithKeys(world);
            world.b.inject(new Fault(FaultMode.SLOW, 1, Set.of(Operation.SCAN), Duration.ofMillis(100)));
            store.compareNow();
            world.await("a pass has begun", SECOND, () -> store.comparing().pass() != null);
            assertThat(latest(store).endedAt()).isZero();
            assertThat(latest(store).complete()).isFalse();
            world.placeB.cut(true);
            world.await("the pass has ended", 30 * SECOND, () -> latest(store).endedAt() > 0);
            assertThat(latest(store).complete()).isFalse();
            assertThat(TwoHomes.states(store).getLast()).isEqualTo(ProviderState.DOWN);
        });
    }
}

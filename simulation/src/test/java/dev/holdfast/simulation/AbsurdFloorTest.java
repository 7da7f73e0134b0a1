package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import org.junit.jupiter.api.Test;

/** A provider that is damaged, or lies, has a collection floor that lies years ahead. A floor can never be lowered. */
class AbsurdFloorTest {
    private static final Version YEARS_AHEAD = Version.of(9_000_000_000_000L, 0, 0);

    private static ReplicatedStore withAbsurdFloor(TwoHomes world) throws Exception {
        ReplicatedStore store = world.started();
        acknowledged(store, Key.of("before"));
        world.await("both are current", 30 * SECOND, () -> allCurrent(store));
        world.placeB.raiseFloor(NAMESPACE.id(), YEARS_AHEAD);
        return store;
    }

    @Test
    void noOtherProviderIsGivenItAndTheOneThatHasItIsDoubtedUntilItIsMadeAnew() {
        inEveryWorld(world -> {
            ReplicatedStore store = withAbsurdFloor(world);
            store.compareNow();
            world.await("b is doubted", 30 * SECOND, () -> states(store).getLast() != ProviderState.CURRENT);
            world.time.park(60 * SECOND);
            assertThat(states(store).getFirst()).isEqualTo(ProviderState.CURRENT);
            assertThat(states(store).getLast()).isNotEqualTo(ProviderState.CURRENT);
            assertThat(world.placeA.floorOf(NAMESPACE.id())).isLessThan(YEARS_AHEAD);
            world.placeB.wipe();
            world.await("b is made anew", 120 * SECOND, () -> allCurrent(store));
            acknowledged(store, Key.of("after"));
            assertThat(world.placeB.held(NAMESPACE.id(), Key.of("before"))).isNotNull();
        });
    }

    @Test
    void newKeysAreWrittenAndDeletedAsEverAndAlsoWhereItIs() {
        inEveryWorld(world -> {
            ReplicatedStore store = withAbsurdFloor(world);
            long begin = world.time.nanos();
            Version version = acknowledged(store, Key.of("new"));
            assertThat(world.time.nanos() - begin).isLessThan(100 * MILLI);
            assertThat(world.placeB.held(NAMESPACE.id(), Key.of("new")))
                    .satisfies(held -> assertThat(held.version()).isEqualTo(version));
            assertThat(store.delete(NAMESPACE, Key.of("gone"), Condition.NONE))
                    .isInstanceOf(Written.Acknowledged.class);
            world.await("b is doubted", 30 * SECOND, () -> states(store).getLast() != ProviderState.CURRENT);
            for (int i = 0; i < 20; i++) {
                acknowledged(store, Key.of("more-" + i));
                store.delete(NAMESPACE, Key.of("gone-" + i), Condition.NONE);
                world.time.park(SECOND);
            }
            world.await(
                    "nothing waits for b",
                    60 * SECOND,
                    () -> store.status().hints().depth() == 0);
        });
    }

    @Test
    void theLastProviderTakesNewKeysInSpiteOfIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = withAbsurdFloor(world);
            world.placeA.cut(true);
            world.await("a is seen to be gone", 30 * SECOND, () -> states(store).getFirst() == ProviderState.DOWN);
            acknowledged(store, Key.of("new"));
            world.placeA.cut(false);
            world.await("a is current", 60 * SECOND, () -> states(store).getFirst() == ProviderState.CURRENT);
            assertThat(world.placeA.held(NAMESPACE.id(), Key.of("new"))).isNotNull();
            assertThat(world.placeA.floorOf(NAMESPACE.id())).isLessThan(YEARS_AHEAD);
        });
    }

    @Test
    void anAbsenceIsNoneAsOfIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = withAbsurdFloor(world);
            Version now = acknowledged(store, Key.of("before"));
            assertThat(store.get(NAMESPACE.id(), Key.of("none"), ReadMode.CONFIRMED))
                    .isInstanceOfSatisfying(
                            Answer.Missing.class,
                            missing -> assertThat(missing.asOf()).isLessThan(now));
        });
    }
}

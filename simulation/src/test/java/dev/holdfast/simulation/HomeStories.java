package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.states;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.RunFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * What has to lie in a second home before anybody relies on it, told because drawn worlds hardly ever meet the moment. Also hunts
 * mutants: then it says which promise broke.
 */
public final class HomeStories implements LongFunction<String> {
    private static final Key KEY = Key.of("key");
    private static final int WRITES = 100;

    @Override
    public String apply(long seed) {
        try {
            boolean lost = !writeThatCameToOneHome().isEmpty()
                    || !writeThatAStopCutShort().isEmpty()
                    || !comparisonWhileHintsWait().isEmpty();
            if (lost) {
                return "P1";
            }
            if (!deletesCollectedBeforeAPlaceWasMadeAnew().isEmpty()) {
                return "P5";
            }
            return writesUnderAClockThatWasAhead().isEmpty() ? "" : "P4 register";
        } catch (RunFailure other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
    }

    /**
     * A node died when its write had come to one of the homes. Whoever has been shown that must not lose it with the home.
     *
     * @return the key, when what was shown is not found again once that home is gone
     */
    static List<Key> writeThatCameToOneHome() {
        List<Key> heldOnce = new ArrayList<>();
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Version first = acknowledged(store, KEY);
            Version later = Version.of(first.millis() + 1, 0, first.stamp());
            world.placeA.putIfNewer(NAMESPACE.id(), KEY, Record.of(later, new byte[] {2}));
            assertThat(store.get(NAMESPACE.id(), KEY, ReadMode.CONFIRMED))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().version()).isEqualTo(later));
            world.placeA.cut(true);
            world.await("a is seen to be gone", 30 * SECOND, () -> states(store).getFirst() == ProviderState.DOWN);
            if (!(store.get(NAMESPACE.id(), KEY, ReadMode.CONFIRMED) instanceof Answer.Found still)
                    || later.newerThan(still.record().version())) {
                heldOnce.add(KEY);
            }
        });
        return heldOnce;
    }

    /**
     * The same while the other home is away, of which the node that was started again knows only what it has hints for.
     *
     * @return the key, when what was shown is not found again once the one home has gone and the other is back
     */
    static List<Key> writeThatAStopCutShort() {
        List<Key> forgotten = new ArrayList<>();
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore first = world.started(disk);
            acknowledged(first, KEY);
            world.cutOffB(first);
            Version last = acknowledged(first, KEY);
            Version later = Version.of(last.millis() + 1, 0, last.stamp());
            world.placeA.putIfNewer(NAMESPACE.id(), KEY, Record.of(later, new byte[] {2}));
            first.close();
            ReplicatedStore store = world.started(disk);
            world.await("a is current", 30 * SECOND, () -> states(store).getFirst() == ProviderState.CURRENT);
            assertThat(store.get(NAMESPACE.id(), KEY, ReadMode.CONFIRMED))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().version()).isEqualTo(later));
            world.placeB.cut(false);
            world.await("b is current", 30 * SECOND, () -> allCurrent(store));
            world.placeA.cut(true);
            world.await("a is seen to be gone", 30 * SECOND, () -> states(store).getFirst() == ProviderState.DOWN);
            if (!(store.get(NAMESPACE.id(), KEY, ReadMode.CONFIRMED) instanceof Answer.Found still)
                    || later.newerThan(still.record().version())) {
                forgotten.add(KEY);
            }
        });
        return forgotten;
    }

    /**
     * The only home left goes back in time while hints wait for the other one, which then returns.
     *
     * @return the keys that the first still lacks when both are said to hold everything
     */
    static List<Key> comparisonWhileHintsWait() {
        List<Key> heldOnce = new ArrayList<>();
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            acknowledged(store, KEY);
            world.time.park(SECOND);
            world.placeA.backUp();
            world.time.park(3 * SECOND);
            world.cutOffB(store);
            for (int i = 0; i < WRITES; i++) {
                acknowledged(store, after(i));
            }
            world.placeA.rollBack();
            world.await(
                    "a is seen to have gone back",
                    30 * SECOND,
                    () -> states(store).getFirst() != ProviderState.CURRENT);
            // So that the hints still wait when both are back.
            world.b.inject(new Fault(FaultMode.SLOW, 1, Set.of(Operation.PUT), Duration.ofMillis(20)));
            world.placeB.cut(false);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            for (int i = 0; i < WRITES; i++) {
                if (world.placeA.held(NAMESPACE.id(), after(i)) == null) {
                    heldOnce.add(after(i));
                }
            }
        });
        return heldOnce;
    }

    /**
     * A delete is collected, then one home is wiped and made anew, and then the other one goes back to a copy of before the delete.
     *
     * @return the key, when it is alive again
     */
    static List<Key> deletesCollectedBeforeAPlaceWasMadeAnew() {
        List<Key> alive = new ArrayList<>();
        Duration second = Duration.ofSeconds(1);
        ReplicationConfig collecting = ReplicationConfig.DEFAULT.withCollecting(second, second, second);
        inEveryWorld(world -> {
            ReplicatedStore store =
                    ReplicatedStore.open(collecting, world.time, world.disk(), "node", List.of(world.a, world.b));
            store.start(() -> List.of(NAMESPACE.id()));
            acknowledged(store, KEY);
            world.placeB.backUp();
            assertThat(store.delete(NAMESPACE, KEY, Condition.NONE)).isInstanceOf(Written.Acknowledged.class);
            world.await(
                    "the delete is collected",
                    120 * SECOND,
                    () -> world.placeA.held(NAMESPACE.id(), KEY) == null
                            && world.placeB.held(NAMESPACE.id(), KEY) == null);
            world.placeA.wipe();
            world.await("a is doubted", 30 * SECOND, () -> states(store).getFirst() != ProviderState.CURRENT);
            world.await("a is made anew", 60 * SECOND, () -> allCurrent(store));
            world.placeB.rollBack();
            world.await("b is doubted", 30 * SECOND, () -> states(store).getLast() != ProviderState.CURRENT);
            world.await("both are current", 60 * SECOND, () -> allCurrent(store));
            // This node still knows better than to show it; the next one would not.
            if (world.placeA.held(NAMESPACE.id(), KEY) instanceof Head held && !held.tombstone()) {
                alive.add(KEY);
            }
        });
        return alive;
    }

    /**
     * A node whose clock was ahead is started again with a clock that is right, and reaches nobody who could tell it.
     *
     * @return the key, when what is written then is taken for older than what was there
     */
    static List<Key> writesUnderAClockThatWasAhead() {
        List<Key> overruled = new ArrayList<>();
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore first = world.started(disk);
            world.time.skew(5_000);
            Version before = acknowledged(first, KEY);
            first.close();
            world.time.skew(0);
            world.placeA.cut(true);
            world.placeB.cut(true);
            ReplicatedStore store = world.started(disk);
            Namespace dark = NAMESPACE.with(Namespace.Policy.DEFAULT.withDarkWrites(true));
            Written written = store.put(dark, KEY, new byte[] {2}, new byte[0], Record.NEVER, Condition.NONE);
            assertThat(written).isInstanceOf(Written.Acknowledged.class);
            if (!((Written.Acknowledged) written).receipt().version().newerThan(before)) {
                overruled.add(KEY);
            }
        });
        return overruled;
    }

    private static Key after(int number) {
        return Key.of("after-" + number);
    }
}

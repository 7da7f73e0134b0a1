package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.simulation.scheduler.RunFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Damage that lies in values where nobody looks. Also hunts mutants: then it says which promise broke. */
public final class ScrubStories implements LongFunction<String> {
    private static final int KEYS = 20;
    private static final Key ROTTEN = Key.of("k7");

    @Override
    public String apply(long seed) {
        try {
            if (!damageThatNobodyReads().isEmpty()) {
                return "P1";
            }
            return olderThanWhatIsDamaged().isEmpty() ? "" : "P4";
        } catch (RunFailure other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
    }

    /** @return the key, when it is still damaged at a home after all has been read */
    static List<Key> damageThatNobodyReads() {
        List<Key> damaged = new ArrayList<>();
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            read(world, store);
            if (world.placeB.record(NAMESPACE.id(), ROTTEN) == null) {
                damaged.add(ROTTEN);
            }
            store.close();
        });
        return damaged;
    }

    /**
     * What is damaged at one home is newer than what the other one has. Whoever can make something of the bytes must still find them.
     *
     * @return the key, when the older record has taken their place
     */
    static List<Key> olderThanWhatIsDamaged() {
        List<Key> replaced = new ArrayList<>();
        inEveryWorld(world -> {
            ReplicatedStore store = filled(world);
            Version older = acknowledged(store, ROTTEN);
            Version newer = Version.of(older.millis() + 1, 0, older.stamp());
            world.placeB.putIfNewer(NAMESPACE.id(), ROTTEN, Record.of(newer, new byte[] {2}));
            world.placeB.rot(NAMESPACE.id(), ROTTEN, true);
            read(world, store);
            if (world.placeB.record(NAMESPACE.id(), ROTTEN) != null) {
                replaced.add(ROTTEN);
            }
            store.close();
        });
        return replaced;
    }

    private static ReplicatedStore filled(TwoHomes world) throws Exception {
        ReplicatedStore store = world.started();
        for (int i = 0; i < KEYS; i++) {
            acknowledged(store, Key.of("k" + i));
        }
        return store;
    }

    private static void read(TwoHomes world, ReplicatedStore store) {
        store.scrubNow();
        world.await("all is read", 600 * SECOND, () -> !store.scrubbing().running());
    }
}

package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.world.World;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A node over two providers in which a test itself says what happens; the seed gives only latencies and interleavings. */
final class TwoHomes {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final Namespace NAMESPACE =
            new Namespace(World.NAMESPACE, "n", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);
    /** As in one data centre: a call takes about half a millisecond. */
    static final Latency NEAR = new Latency(100_000, 200_000, 0, 0);

    private static final int SEEDS = 10;
    private static final long STEPS = 5_000_000;
    private static final long MANY_STEPS = 100 * STEPS;
    private static final byte[] NOTHING = {};

    final SimulatedTime time;
    final SimulatedProvider placeA;
    final SimulatedProvider placeB;
    final FaultyProvider a;
    final FaultyProvider b;
    private final SplittableRandom random;
    private final Scheduler scheduler;

    /** What happens, on a thread of the simulated node. */
    interface Story {
        void of(TwoHomes world) throws Exception;
    }

    private TwoHomes(long seed, Latency toB, long steps) {
        random = new SplittableRandom(seed);
        scheduler = new Scheduler(random.split(), Pace.EVEN, steps);
        time = new SimulatedTime(scheduler, new Process("node"), random.split());
        placeA = new SimulatedProvider("a", scheduler, random.split(), NEAR, NEAR);
        placeB = new SimulatedProvider("b", scheduler, random.split(), toB, NEAR);
        a = new FaultyProvider(placeA, time);
        b = new FaultyProvider(placeB, time);
    }

    static void inEveryWorld(Story story) {
        inEveryWorld(NEAR, story);
    }

    /** @param toB how long one way to provider b takes */
    static void inEveryWorld(Latency toB, Story story) {
        for (long seed = 0; seed < SEEDS; seed++) {
            new TwoHomes(seed, toB, STEPS).run(story);
        }
    }

    /** For a story that takes minutes. */
    static void inOneWorld(long seed, Story story) {
        new TwoHomes(seed, NEAR, MANY_STEPS).run(story);
    }

    private void run(Story story) {
        scheduler.run(time.process(), () -> {
            try {
                story.of(this);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** One more place. */
    SimulatedProvider place(String name) {
        return new SimulatedProvider(name, scheduler, random.split(), NEAR, NEAR);
    }

    /** A new, empty disk. */
    SimulatedDisk disk() {
        return new SimulatedDisk("node", scheduler, random.split(), NEAR, false);
    }

    /** A store whose own threads are not started, so that the states stay as requests make them. */
    ReplicatedStore open(SimulatedDisk disk) throws Exception {
        return ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, "node", List.of(a, b));
    }

    /** As {@link #started(SimulatedDisk)}, with something between the store and each place. */
    ReplicatedStore started(SimulatedDisk disk, UnaryOperator<Provider> between) throws Exception {
        ReplicatedStore store = ReplicatedStore.open(
                ReplicationConfig.DEFAULT, time, disk, "node", List.of(between.apply(a), between.apply(b)));
        store.start(() -> List.of(NAMESPACE.id()));
        return store;
    }

    /** A store on a disk of its own that watches, recovers and compares. */
    ReplicatedStore started() throws Exception {
        return started(disk());
    }

    ReplicatedStore started(SimulatedDisk disk) throws Exception {
        ReplicatedStore store = open(disk);
        store.start(() -> List.of(NAMESPACE.id()));
        return store;
    }

    static Written put(ReplicatedStore store, Key key) {
        return store.put(NAMESPACE, key, new byte[] {1}, NOTHING, Record.NEVER, Condition.NONE);
    }

    /** @return the version that it was acknowledged at, which it must be */
    static Version acknowledged(ReplicatedStore store, Key key) {
        Written written = put(store, key);
        assertThat(written).isInstanceOf(Written.Acknowledged.class);
        return ((Written.Acknowledged) written).receipt().version();
    }

    static List<ProviderState> states(ReplicatedStore store) {
        return store.status().providers().stream().map(ProviderView::state).toList();
    }

    static boolean allCurrent(ReplicatedStore store) {
        return states(store).stream().allMatch(ProviderState.CURRENT::equals);
    }

    /** Until b is seen to be gone. */
    void cutOffB(ReplicatedStore store) {
        placeB.cut(true);
        await("b is seen to be gone", 30 * SECOND, () -> states(store).getLast() == ProviderState.DOWN);
    }

    /** Waits until the condition holds, which it must within {@code nanos}. */
    void await(String what, long nanos, BooleanSupplier condition) {
        long deadline = time.nanos() + nanos;
        while (!condition.getAsBoolean()) {
            assertThat(time.nanos()).as(what).isLessThan(deadline);
            time.park(MILLI);
        }
    }
}

package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.put;
import static dev.holdfast.simulation.TwoHomes.states;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.scheduler.RunFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** One of two providers under many writes at once, told because drawn worlds have few. Also hunts mutants: then it says which promise broke. */
public final class BusyStories implements LongFunction<String> {
    private static final int FEW = 100;
    private static final int MANY = 200;
    private static final int SECONDS = 10;
    private static final double FAILING = 0.9;
    /** The least that may be under way, however slow it is, and those that came at one moment. */
    private static final int ROOM = 64 + 16;

    @Override
    public String apply(long seed) {
        try {
            if (threeOfWhichTwoAreSlow() < 2 || callsForNobody() > 0) {
                return "P7";
            }
            return shortPauses().hinted() > 0 || slowForGood().mostUnderWay() > ROOM ? "P7" : "";
        } catch (RunFailure other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
    }

    /**
     * What came of it.
     *
     * @param written writes that were acknowledged
     * @param failed and those that were not
     * @param hinted hints that were made
     * @param mostUnderWay calls at b that were under way at once, once it had been slow for five seconds
     * @param left how often b was not current
     */
    record Told(int written, int failed, long hinted, int mostUnderWay, int left) {}

    /** Provider b syncs nothing for 150 ms in each second. */
    static Told shortPauses() {
        return told(FEW, world -> {
            for (int second = 0; second < SECONDS; second++) {
                world.placeB.stall(150 * MILLI);
                world.time.park(SECOND);
            }
        });
    }

    /** A write at provider b takes 100 ms more. */
    static Told slowForGood() {
        return told(MANY, world -> {
            world.b.inject(new Fault(FaultMode.SLOW, 1, Set.of(Operation.PUT), Duration.ofMillis(100)));
            world.time.park(SECONDS * SECOND);
        });
    }

    /**
     * Providers b and c of three take 100 ms longer for every read from the same moment on, as when this node's network is the one that is
     * slow. They answer all the same.
     *
     * @return how many of the three were current at least at any moment
     */
    static int threeOfWhichTwoAreSlow() {
        AtomicInteger least = new AtomicInteger(3);
        TwoHomes.inEveryWorld(world -> {
            FaultyProvider c = new FaultyProvider(world.place("c"), world.time);
            ReplicatedStore store = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT, world.time, world.disk(), "node", List.of(world.a, world.b, c));
            store.start(() -> List.of(TwoHomes.NAMESPACE.id()));
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(store));
            put(store, Key.of("k"));
            Fault slow = new Fault(FaultMode.SLOW, 1, Set.of(Operation.GET, Operation.SIGHT), Duration.ofMillis(100));
            world.b.inject(slow);
            c.inject(slow);
            long end = world.time.nanos() + SECONDS * SECOND;
            while (world.time.nanos() < end) {
                store.get(TwoHomes.NAMESPACE.id(), Key.of("k"), ReadMode.CONFIRMED);
                int current = (int) states(store).stream()
                        .filter(ProviderState.CURRENT::equals)
                        .count();
                least.accumulateAndGet(current, Math::min);
                world.time.park(10 * MILLI);
            }
            store.close();
        });
        return least.get();
    }

    /** @return calls at the providers for reads, writes and lists of which the time was over before they came */
    static long callsForNobody() {
        AtomicLong calls = new AtomicLong();
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            put(store, Key.of("k"));
            world.time.park(SECOND);
            long before = world.placeA.calls() + world.placeB.calls();
            Request.until(world.time.nanos()).serve(() -> {
                store.get(TwoHomes.NAMESPACE.id(), Key.of("k"), ReadMode.CONFIRMED);
                store.list(TwoHomes.NAMESPACE.id(), new byte[0], null, 10);
                return put(store, Key.of("k"));
            });
            calls.addAndGet(world.placeA.calls() + world.placeB.calls() - before);
        });
        return calls.get();
    }

    /**
     * Of the two providers one is gone, and the last one fails nine of ten reads, of which 500 come in a second.
     *
     * @return how often it is asked for the key, for each read
     */
    static double askedAgain() {
        AtomicLong struck = new AtomicLong();
        AtomicInteger reads = new AtomicInteger();
        TwoHomes.inOneWorld(1, world -> {
            ReplicatedStore store = world.started();
            put(store, Key.of("k"));
            world.cutOffB(store);
            world.a.inject(new Fault(FaultMode.ERROR, FAILING, Set.of(Operation.GET), Duration.ZERO));
            for (int i = 0; i < 500 * SECONDS; i++) {
                world.time.fork("reader", () -> {
                    store.get(TwoHomes.NAMESPACE.id(), Key.of("k"), ReadMode.CONFIRMED);
                    reads.incrementAndGet();
                });
                world.time.park(2 * MILLI);
            }
            world.time.park(SECOND);
            struck.set(world.a.struck());
            store.close();
        });
        return struck.get() / FAILING / reads.get();
    }

    private static Told told(int writers, TwoHomes.Story trouble) {
        List<Told> told = new ArrayList<>();
        TwoHomes.inOneWorld(2, world -> {
            ReplicatedStore store = world.started();
            AtomicInteger written = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            AtomicInteger left = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            boolean[] over = new boolean[1];
            for (int i = 0; i < writers; i++) {
                int writer = i;
                world.time.fork("writer", () -> {
                    world.time.park(writer * MILLI);
                    for (int number = 0; !over[0]; number++) {
                        boolean kept = put(store, Key.of(writer + "-" + number)) instanceof Written.Acknowledged;
                        (kept ? written : failed).incrementAndGet();
                        world.time.park(10 * MILLI);
                    }
                });
            }
            long begun = world.time.nanos();
            world.time.fork("look", () -> {
                while (!over[0]) {
                    left.addAndGet(states(store).getLast() == ProviderState.CURRENT ? 0 : 1);
                    if (world.time.nanos() - begun > 6 * SECOND) {
                        int now = store.status().providers().getLast().coming().underWay();
                        most.accumulateAndGet(now, Math::max);
                    }
                    world.time.park(MILLI);
                }
            });
            world.time.park(SECOND);
            trouble.of(world);
            over[0] = true;
            world.time.park(2 * SECOND);
            told.add(new Told(
                    written.get(), failed.get(), store.status().counters().hinted(), most.get(), left.get()));
            store.close();
        });
        return told.getFirst();
    }
}

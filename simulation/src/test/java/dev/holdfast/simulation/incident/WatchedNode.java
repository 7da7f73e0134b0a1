package dev.holdfast.simulation.incident;

import dev.holdfast.engine.admission.AdmissionActs;
import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.IncidentConfig;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Sources;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node that watches itself, over two providers, under load: a namespace of each tier, and users who come as they like, whatever
 * becomes of those before them. A test says what goes wrong; the seed gives latencies, interleavings, and what is asked for.
 */
final class WatchedNode {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private static final long MAX_STEPS = 1_000_000_000L;
    private static final Latency NETWORK = new Latency(100_000, 200_000, 200, 5 * MILLI);
    private static final int KEYS = 40;
    private static final byte[] NOTHING = {};

    final Scheduler scheduler;
    /** That of the world, which no pause of the node holds up. */
    final SimulatedTime world;

    final Witness a;
    final Witness b;
    final List<Namespace> namespaces = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final SimulatedProvider placeA;
    private final SimulatedProvider placeB;
    private Process process = new Process("none");
    private long skewMillis;
    private volatile double requestsPerSecond;
    private volatile boolean over;
    private int tierAsked = -1;
    private @Nullable Running running;

    /** What a listener was told, and when. */
    record Told(long at, @Nullable Incident before, Incident now) {}

    /** What runs. */
    record Running(SimulatedTime time, ReplicatedStore store, NearStore near, Incidents incidents) {}

    /** What happens, on a thread of the world. */
    interface Story {
        void of(WatchedNode node) throws Exception;
    }

    WatchedNode(long seed) {
        random = new SplittableRandom(seed);
        scheduler = new Scheduler(random.split(), Pace.EVEN, MAX_STEPS);
        world = new SimulatedTime(scheduler, new Process("world"), random.split());
        placeA = new SimulatedProvider("a", scheduler, random.split(), NETWORK, NETWORK);
        placeB = new SimulatedProvider("b", scheduler, random.split(), NETWORK, NETWORK);
        a = new Witness(new FaultyProvider(placeA, world), scheduler::now);
        b = new Witness(new FaultyProvider(placeB, world), scheduler::now);
        disk = new SimulatedDisk("node", scheduler, random.split(), NETWORK, false);
        for (int tier = 0; tier <= Namespace.Policy.LAST_TIER; tier++) {
            namespaces.add(new Namespace(
                    new NamespaceId(7, tier + 1),
                    "tier-" + tier,
                    "0".repeat(32),
                    "",
                    "",
                    Namespace.Policy.DEFAULT.withTier(tier),
                    0,
                    0));
        }
    }

    /** Lives the story, which begins once all is well and users have come for twenty seconds. */
    static void live(long seed, double load, Story story) {
        new WatchedNode(seed).live(load, story);
    }

    private void live(double load, Story story) {
        scheduler.run(world.process(), () -> {
            try {
                start();
                fill();
                requestsPerSecond = load;
                world.fork("users", this::come);
                world.park(20 * SECOND);
                story.of(this);
                over = true;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    void start() throws Exception {
        Process own = new Process("node");
        process = own;
        SimulatedTime time = new SimulatedTime(scheduler, own, random.split());
        time.skew(skewMillis);
        time.fork("boot", () -> running = boot(time));
        await("the node serves", 60 * SECOND, () -> running != null);
    }

    private Running boot(SimulatedTime time) {
        try {
            List<Provider> providers = List.of(a, b);
            ReplicatedStore store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, "node", providers);
            store.start(() -> namespaces.stream().map(Namespace::id).toList());
            EdgeConfig cache = EdgeConfig.DEFAULT;
            AdmittedStore admitted =
                    AdmittedStore.open(store, time, AdmissionConfig.DEFAULT, RampConfig.DEFAULT, this::standing, disk);
            NearStore near =
                    new NearStore(admitted, time, cache, new OwnCoverage(store), Near.simulated(time, cache, null));
            Incidents incidents = Incidents.open(
                    time,
                    disk,
                    IncidentConfig.DEFAULT,
                    Sources.of(near, this::tier).withComparing(store::comparing));
            incidents.follow(new AdmissionActs(admitted));
            incidents.listen((before, now) -> told.add(new Told(scheduler.now(), before, now)));
            return new Running(time, store, near, incidents);
        } catch (Exception e) {
            throw new IllegalStateException("the node does not start", e);
        }
    }

    private Standing standing(NamespaceId id) {
        return Standing.of(namespaces.get(tier(id)));
    }

    private int tier(NamespaceId id) {
        return (int) id.low() - 1;
    }

    /** As kill -9 and a power cut. */
    void crash() {
        process.kill();
        running = null;
        disk.crash();
    }

    /** All of the node stands still, as while its heap is collected. */
    void pause(long nanos) {
        process.pause(scheduler.now() + nanos);
    }

    void skew(long millis) {
        skewMillis = millis;
        if (running != null) {
            running.time().skew(millis);
        }
    }

    Incidents incidents() {
        if (running == null) {
            throw new AssertionError("the node does not run");
        }
        return running.incidents();
    }

    /** From now on users ask for nothing else. */
    void askOnly(int tier) {
        tierAsked = tier;
    }

    void load(double perSecond) {
        requestsPerSecond = perSecond;
    }

    private void fill() {
        await("all is filled", 60 * SECOND, () -> {
            Running now = running;
            return now != null
                    && now.store().status().providers().stream()
                            .allMatch(provider -> provider.state() == ProviderState.CURRENT);
        });
        int[] left = {namespaces.size() * KEYS};
        for (Namespace namespace : namespaces) {
            for (int key = 0; key < KEYS; key++) {
                int number = key;
                use(now -> {
                    now.near().put(namespace, key(number), new byte[] {1}, NOTHING, Record.NEVER, Condition.NONE);
                    left[0]--;
                });
            }
        }
        await("all is filled", 60 * SECOND, () -> left[0] == 0);
    }

    private static Key key(int number) {
        return Key.of("key-" + number);
    }

    /** Users come one after another, and none waits for another. */
    private void come() {
        SplittableRandom users = random.split();
        while (!over) {
            world.park((long) (-Math.log(1 - users.nextDouble()) / requestsPerSecond * SECOND));
            Namespace namespace = namespaces.get(tierAsked < 0 ? users.nextInt(namespaces.size()) : tierAsked);
            Key key = key(users.nextInt(KEYS));
            boolean writes = users.nextInt(5) == 0;
            use(now -> request(now, namespace, key, writes));
        }
    }

    private static void request(Running now, Namespace namespace, Key key, boolean writes) {
        if (writes) {
            now.near().put(namespace, key, new byte[] {2}, NOTHING, Record.NEVER, Condition.NONE);
        } else {
            now.near().read(namespace, key, 0);
        }
    }

    private void use(Consumer<Running> request) {
        Running now = running;
        if (now != null) {
            now.time().fork("request", () -> request.accept(now));
        }
    }

    void await(String what, long nanos, BooleanSupplier condition) {
        long deadline = scheduler.now() + nanos;
        while (!condition.getAsBoolean()) {
            if (scheduler.now() > deadline) {
                throw new AssertionError("in vain: " + what + "; "
                        + (running == null ? "" : incidents().all()));
            }
            world.park(10 * MILLI);
        }
    }
}

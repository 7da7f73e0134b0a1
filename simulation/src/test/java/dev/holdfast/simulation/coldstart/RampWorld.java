package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.admission.Ramp;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.RampStatus;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A node that starts with nothing near and every gate stale-only, before providers that serve so many calls a second, with users who go on
 * wanting what they want. There is no governor, so that what is seen is the ramp's.
 */
final class RampWorld {
    static final long SECOND = 1_000_000_000L;
    /** Such that all is wanted at once is more than twice what the providers serve, and what one step adds is less. */
    static final RampConfig BOUNDS = new RampConfig(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            0.02,
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            1,
            8);

    private static final AdmissionConfig LIMITED = new AdmissionConfig(4, 4096, 4096, Duration.ofSeconds(1), 0, 1);
    private static final double READS = 130;
    static final double CALLS = 36;
    private static final int[] KEYS = {600, 1_200, 2_400, 1_800};
    private static final double[] SHARES = {0.1, 0.2, 0.4, 0.3};
    private static final long TTL_NANOS = 600 * SECOND;
    private static final long MAX_STEPS = 200_000_000L;
    private static final int MOST_SECONDS = 3_600;
    private static final Latency NETWORK = new Latency(500_000, 1_000_000, 0, 0);
    private static final Latency DISK = new Latency(1_000_000, 1_000_000, 0, 0);

    private final SplittableRandom random;
    private final Scheduler scheduler;
    final SimulatedTime world;
    final SimulatedProvider a;
    final SimulatedProvider b;
    private final SimulatedDisk disk;
    final List<Namespace> namespaces = new ArrayList<>();
    private final List<Popularity> popularity = new ArrayList<>();
    private final Felt felt = new Felt(KEYS.length, MOST_SECONDS);
    private final SplittableRandom draws;
    private final Users users;
    private Running node;
    private int starts;
    private boolean over;

    /** A process of the node. */
    private record Running(SimulatedTime time, NearStore near, AdmittedStore admitted, ProbedStore probe)
            implements Serving {
        private HoldfastNode node() {
            return new HoldfastNode(time, near, TTL_NANOS);
        }

        @Override
        public boolean atOnce(Namespace namespace, dev.holdfast.engine.kv.Key key) {
            return node().atOnce(namespace, key);
        }

        @Override
        public boolean read(Namespace namespace, dev.holdfast.engine.kv.Key key) {
            return node().read(namespace, key);
        }

        @Override
        public void fill(Namespace namespace, dev.holdfast.engine.kv.Key key, byte[] value) {
            node().fill(namespace, key, value);
        }
    }

    /** What happens, on a thread of the world. */
    interface Story {
        void of(RampWorld world);
    }

    private RampWorld(long seed) {
        random = new SplittableRandom(seed);
        scheduler = new Scheduler(random.split(), Pace.EVEN, MAX_STEPS);
        world = new SimulatedTime(scheduler, new Process("users"), random.split());
        a = new SimulatedProvider("a", scheduler, random.split(), NETWORK, DISK);
        b = new SimulatedProvider("b", scheduler, random.split(), NETWORK, DISK);
        disk = new SimulatedDisk("node", scheduler, random.split(), DISK, false);
        draws = random.split();
        users = new Users(world, felt, () -> node);
        for (int tier = 0; tier < KEYS.length; tier++) {
            namespaces.add(new Namespace(
                    new NamespaceId(0, tier + 2),
                    "tier-" + tier,
                    "0".repeat(32),
                    "",
                    "",
                    Policy.DEFAULT.withTier(tier),
                    0,
                    0));
            popularity.add(new Popularity(KEYS[tier]));
        }
    }

    /** Plays a story that begins when all gates have been stale-only for a minute. */
    static void play(long seed, Story story) {
        RampWorld made = new RampWorld(seed);
        made.scheduler.run(made.world.process(), () -> {
            made.begin();
            story.of(made);
            made.over = true;
        });
    }

    private void begin() {
        start();
        onNode(() -> {
            for (int tier = 0; tier < KEYS.length; tier++) {
                for (int key = 0; key < KEYS[tier]; key++) {
                    node.fill(namespaces.get(tier), Popularity.key(key), new byte[288]);
                }
            }
            namespaces.forEach(each -> node.admitted().gates().set(each.id(), Gate.STALE_ONLY, "a test", ""));
        });
        killNode();
        serve(CALLS);
        felt.begin(world.nanos());
        world.fork("load", this::load);
        world.park(60 * SECOND);
    }

    /** What each provider serves in a second from now on. */
    void serve(double callsPerSecond) {
        a.serveAtMost(callsPerSecond, 0);
        b.serveAtMost(callsPerSecond, 0);
    }

    private void load() {
        while (!over) {
            int tier = tier(draws.nextDouble());
            var key = popularity.get(tier).drawn(draws.nextDouble());
            long jitter = draws.nextLong(Users.PAUSE_NANOS);
            world.fork("user", () -> users.use(tier, namespaces.get(tier), key, jitter));
            world.park((long) (-Math.log(1 - draws.nextDouble()) / READS * SECOND));
        }
    }

    private static int tier(double draw) {
        double upTo = 0;
        for (int tier = 0; tier < SHARES.length - 1; tier++) {
            upTo += SHARES[tier];
            if (draw < upTo) {
                return tier;
            }
        }
        return SHARES.length - 1;
    }

    /** Dies with all that is near, and is back at once. */
    void killNode() {
        node.time().process().kill();
        felt.allLeave();
        disk.crash();
        start();
    }

    private void start() {
        SimulatedTime own = new SimulatedTime(scheduler, new Process("node." + ++starts), random.split());
        Pending<Running, RuntimeException> started = new Pending<>();
        own.fork("boot", () -> started.answer(boot(own)));
        node = started.await();
    }

    private Running boot(SimulatedTime time) {
        try {
            ReplicatedStore store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, "node", List.of(a, b));
            List<NamespaceId> ids = namespaces.stream().map(Namespace::id).toList();
            store.start(() -> ids);
            ProbedStore probe = new ProbedStore(store, time);
            AdmittedStore admitted = AdmittedStore.open(
                    probe, time, LIMITED, BOUNDS, id -> Standing.of(namespaces.get((int) id.low() - 2)), disk);
            EdgeConfig cache = EdgeConfig.DEFAULT;
            NearStore near =
                    new NearStore(admitted, time, cache, new OwnCoverage(store), Near.simulated(time, cache, null));
            return new Running(time, near, admitted, probe);
        } catch (LocalStoreFault | InterruptedException fault) {
            throw new IllegalStateException("neither happens here", fault);
        }
    }

    /** Does something on a thread of the node, as its admin port does. */
    void onNode(Runnable what) {
        Pending<Boolean, RuntimeException> done = new Pending<>();
        node.time().fork("admin", () -> {
            what.run();
            done.answer(true);
        });
        done.await();
    }

    AdmittedStore admitted() {
        return node.admitted();
    }

    ProbedStore probe() {
        return node.probe();
    }

    RampStatus ramp() {
        return admitted().ramp().status().orElseThrow();
    }

    /** @return how long it is foretold to take */
    Duration startRamp() {
        Ramp.Choice shut = new Ramp.Choice(List.of(), false);
        Duration takes = admitted().ramp().plan(namespaces, shut).takes();
        onNode(() -> admitted().ramp().start(namespaces, shut, "a test", ""));
        return takes;
    }

    void openAll() {
        onNode(() -> namespaces.forEach(each -> admitted().gates().set(each.id(), Gate.OPEN, "a test", "")));
    }

    /** Looks once a second. @return after how many seconds it was so */
    int until(String what, BooleanSupplier condition) {
        for (int second = 0; second < MOST_SECONDS; second++) {
            if (condition.getAsBoolean()) {
                return second;
            }
            world.park(SECOND);
        }
        throw new AssertionError("waited in vain until " + what);
    }

    /** The share of all requests in the last so many seconds that were answered. */
    double answered(int seconds) {
        int now = felt.second(world.nanos());
        return felt.share(now - seconds, now);
    }
}

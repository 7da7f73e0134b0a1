package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.ProviderFault;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Plays a cold start on one arm. All arms meet the same users. */
final class ColdStartWorld {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_STEPS = 2_000_000_000L;
    private static final long SEED = 20250612;
    private static final int VALUE_BYTES = 288;
    /** Of the ids of all namespaces of users, apart from those of the store's own. */
    private static final long USERS = 1;

    private static final long DOWN_NANOS = 5 * SECOND;
    private static final Latency NETWORK = new Latency(500_000, 1_000_000, 0, 0);
    private static final Latency DISK = new Latency(1_000_000, 1_000_000, 0, 0);
    private final ColdStart plan;
    private final ColdStart.Arm arm;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Scheduler scheduler = new Scheduler(random.split(), Pace.EVEN, MAX_STEPS);
    private final SimulatedTime world = new SimulatedTime(scheduler, new Process("users"), random.split());
    private final SimulatedProvider a = new SimulatedProvider("a", scheduler, random.split(), NETWORK, DISK);
    private final SimulatedProvider b = new SimulatedProvider("b", scheduler, random.split(), NETWORK, DISK);
    private final SimulatedDisk disk = new SimulatedDisk("node", scheduler, random.split(), DISK, false);
    private final List<Namespace> namespaces = new ArrayList<>();
    private final List<Popularity> popularity = new ArrayList<>();
    private final Felt felt;
    private final Users users;
    private @Nullable Serving node;
    private int starts;

    ColdStartWorld(ColdStart plan, ColdStart.Arm arm) {
        this.plan = plan;
        this.arm = arm;
        this.felt = new Felt(plan.tiers().size(), plan.warmSeconds() + plan.coldSeconds());
        this.users = new Users(world, felt, () -> node);
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            namespaces.add(new Namespace(
                    new NamespaceId(USERS, tier),
                    "tier-" + tier,
                    "0".repeat(32),
                    "",
                    "",
                    Namespace.Policy.DEFAULT.withTier(tier),
                    0,
                    0));
            popularity.add(new Popularity(plan.tiers().get(tier).keys()));
        }
    }

    Felt play() {
        scheduler.run(world.process(), this::live);
        return felt;
    }

    private void live() {
        found();
        start();
        fill();
        a.serveAtMost(plan.callsPerSecond(), 0);
        b.serveAtMost(plan.callsPerSecond(), 0);
        long begin = scheduler.now();
        felt.begin(world.nanos());
        world.fork("watch", () -> watch(begin));
        world.fork("trigger", () -> trigger(begin + plan.warmSeconds() * SECOND));
        SplittableRandom draws = new SplittableRandom(SEED + 1);
        long end = begin + (plan.warmSeconds() + plan.coldSeconds()) * SECOND;
        long next = begin;
        while (next < end) {
            world.park(next - scheduler.now());
            int tier = tier(draws.nextDouble());
            Key key = popularity.get(tier).drawn(draws.nextDouble());
            long jitter = draws.nextLong(Users.PAUSE_NANOS);
            if (!users.usesAtOnce(tier, namespaces.get(tier), key)) {
                world.fork("user", () -> users.use(tier, namespaces.get(tier), key, jitter));
            }
            next += (long) (-Math.log(1 - draws.nextDouble()) / plan.readsPerSecond() * SECOND);
        }
    }

    private int tier(double draw) {
        double upTo = 0;
        for (int tier = 0; tier < plan.tiers().size() - 1; tier++) {
            upTo += plan.tiers().get(tier).share();
            if (draw < upTo) {
                return tier;
            }
        }
        return plan.tiers().size() - 1;
    }

    /** Makes the places, for a store that has no way of its own to begin. */
    private void found() {
        if (arm == ColdStart.Arm.USUAL) {
            try {
                a.initialise(new Identity("0".repeat(31) + "a", 1));
                b.initialise(new Identity("0".repeat(31) + "b", 1));
            } catch (ProviderFault fault) {
                throw new IllegalStateException("all is well as yet", fault);
            }
        }
    }

    private void start() {
        SimulatedTime own = new SimulatedTime(scheduler, new Process("node." + ++starts), random.split());
        Pending<Serving, RuntimeException> started = new Pending<>();
        own.fork("boot", () -> started.answer(boot(own)));
        node = started.await();
    }

    private Serving boot(SimulatedTime time) {
        if (arm == ColdStart.Arm.USUAL) {
            return new UsualStore(time, List.of(a, b), plan.cycleSeconds() * SECOND, Users.GIVE_UP_NANOS);
        }
        try {
            ReplicatedStore store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, "node", List.of(a, b));
            List<NamespaceId> ids = namespaces.stream().map(Namespace::id).toList();
            store.start(() -> ids);
            AdmittedStore admitted = AdmittedStore.open(
                    store,
                    time,
                    arm.config(),
                    RampConfig.DEFAULT,
                    id -> Standing.of(namespaces.get((int) id.low())),
                    disk);
            EdgeConfig cache = EdgeConfig.DEFAULT;
            Near near = Near.simulated(time, cache, null);
            return new HoldfastNode(
                    time,
                    new NearStore(admitted, time, cache, new OwnCoverage(store), near),
                    plan.ttlSeconds() * SECOND);
        } catch (LocalStoreFault fault) {
            throw new IllegalStateException("this disk never fails", fault);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a start", e);
        }
    }

    /** Every key has a value, which is near, and of an age of its own, so that they are not asked for again all together. */
    private void fill() {
        Serving now = node;
        if (now == null) {
            throw new IllegalStateException("it has started");
        }
        Pending<Boolean, RuntimeException> done = new Pending<>();
        now.time().fork("fill", () -> {
            record Filled(Namespace namespace, Key key) {}
            List<Filled> all = new ArrayList<>();
            for (int tier = 0; tier < namespaces.size(); tier++) {
                for (int i = 0; i < plan.tiers().get(tier).keys(); i++) {
                    all.add(new Filled(namespaces.get(tier), Popularity.key(i)));
                }
            }
            Collections.shuffle(all, new Random(SEED));
            // A little faster, so that none is overdue when the load begins.
            long each = plan.cycleSeconds() * SECOND / 100 * 98 / all.size();
            long next = scheduler.now();
            for (Filled filled : all) {
                next += each;
                now.time().park(next - scheduler.now());
                now.fill(filled.namespace(), filled.key(), new byte[VALUE_BYTES]);
            }
            done.answer(true);
        });
        done.await();
    }

    /** Node and cache are gone together, and it starts again. */
    private void trigger(long at) {
        world.park(at - scheduler.now());
        Serving now = node;
        if (now != null) {
            now.time().process().kill();
            node = null;
            felt.allLeave();
            disk.crash();
        }
        world.park(DOWN_NANOS);
        start();
    }

    private void watch(long begin) {
        long before = a.lookups() + b.lookups();
        for (int second = 0; second < plan.warmSeconds() + plan.coldSeconds(); second++) {
            world.park(begin + (second + 1) * SECOND - scheduler.now());
            long now = a.lookups() + b.lookups();
            felt.load(second, now - before);
            before = now;
        }
    }
}

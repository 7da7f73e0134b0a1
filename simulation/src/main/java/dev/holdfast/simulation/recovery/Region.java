package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.List;
import java.util.SplittableRandom;

/** The ground on which a recovery is played: two providers in one region, and time. */
final class Region {
    static final long SECOND = 1_000_000_000L;
    static final long SEED = 20250612;
    private static final double BURST_SECONDS = 0.5;
    private static final long MAX_STEPS = 4_000_000_000L;
    private static final Latency NETWORK = new Latency(500_000, 1_000_000, 0, 0);
    private static final Latency DISK = new Latency(1_000_000, 1_000_000, 0, 0);

    final SplittableRandom random = new SplittableRandom(SEED);
    final Scheduler scheduler = new Scheduler(random.split(), Pace.EVEN, MAX_STEPS);
    final SimulatedTime world = new SimulatedTime(scheduler, new Process("world"), random.split());
    final SimulatedProvider a = new SimulatedProvider("a", scheduler, random.split(), NETWORK, DISK);
    final SimulatedProvider b = new SimulatedProvider("b", scheduler, random.split(), NETWORK, DISK);
    private long begin;

    /** A namespace of its own for each tier, or of one tier. */
    static Namespace namespace(int number, String title, int tier) {
        return new Namespace(
                new NamespaceId(7, number),
                title,
                "0".repeat(32),
                "",
                "",
                Namespace.Policy.DEFAULT.withTier(tier),
                0,
                0);
    }

    List<SimulatedProvider> providers() {
        return List.of(a, b);
    }

    /** What each provider bears. */
    void serveAtMost(double callsPerSecond) {
        providers().forEach(provider -> provider.serveAtMost(callsPerSecond, BURST_SECONDS));
    }

    /** All is filled and warm: seconds are counted from now on. */
    void begins() {
        begin = scheduler.now();
    }

    long begin() {
        return begin;
    }

    /** Waits until so many seconds after the beginning. */
    void await(double second) {
        world.park(begin + (long) (second * SECOND) - scheduler.now());
    }

    /** When the next of so many a second comes, at random times (Poisson). */
    static long gap(SplittableRandom random, double perSecond) {
        return (long) (-Math.log(1 - random.nextDouble()) / perSecond * SECOND);
    }

    long lookups() {
        return a.lookups() + b.lookups();
    }
}

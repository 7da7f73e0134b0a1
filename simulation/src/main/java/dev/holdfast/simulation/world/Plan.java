package dev.holdfast.simulation.world;

import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.scheduler.Pace;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What kind of world a seed makes: not only when things break, but which kinds break at all, and how much is asked of the store
 * meanwhile. Worlds with few kinds of faults reach states that worlds with all of them never do.
 *
 * @param breakNanos how long things break
 * @param thinkNanos the longest pause of a client between two calls
 * @param gapNanos the longest calm between two faults
 * @param faultNanos the longest a fault lasts
 * @param nodeCrashNanos the longest a node runs before it crashes; 0 for never
 */
record Plan(
        int clients,
        int keys,
        long breakNanos,
        long thinkNanos,
        long gapNanos,
        long faultNanos,
        long nodeCrashNanos,
        Set<Trouble> faults,
        Pace pace,
        Latency network,
        Latency providerDisk,
        Latency nodeDisk) {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    static Plan draw(SplittableRandom random) {
        Set<Trouble> faults = EnumSet.noneOf(Trouble.class);
        int likely = 1 + random.nextInt(4);
        for (Trouble kind : Trouble.values()) {
            if (kind != Trouble.STALL && random.nextInt(4) < likely) {
                faults.add(kind);
            }
        }
        Plan plan = new Plan(
                1 + random.nextInt(8),
                1 + random.nextInt(8),
                (2 + random.nextInt(8)) * SECOND,
                (8L << random.nextInt(6)) * MILLI,
                (1 + random.nextInt(4)) * SECOND,
                (10L << random.nextInt(10)) * MILLI,
                random.nextInt(3) == 0 ? 0 : (1 + random.nextInt(10)) * SECOND,
                faults,
                Pace.draw(random),
                Latency.draw(random, 10_000L << random.nextInt(10)),
                Latency.draw(random, 10_000L << random.nextInt(8)),
                Latency.draw(random, 10_000L << random.nextInt(9)));
        // Last, so that what else a seed makes is what it made before there were stalls.
        if (random.nextInt(4) < likely) {
            faults.add(Trouble.STALL);
        }
        return plan;
    }
}

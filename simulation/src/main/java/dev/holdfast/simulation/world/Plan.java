package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.scheduler.Pace;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What kind of world a seed makes: not only when things break, but which kinds break at all, and how much is asked of the store
 * meanwhile. Worlds with few kinds of faults reach states that worlds with all of them never do.
 *
 * @param breakNanos how long things break
 * @param thinkNanos the longest a client waits from one call to the next, when the first is answered by then
 * @param gapNanos the longest calm between two faults
 * @param faultNanos the longest a fault lasts
 * @param nodeCrashNanos the longest a node runs before it crashes; 0 for never
 * @param clockStepNanos the longest between two steps of a node's clock while it runs; 0 for none
 * @param expiring how many in a hundred puts expire
 * @param dark whether writes are taken while no provider takes any
 * @param queues whether the providers take puts into queues
 * @param collects whether deletes are collected within the run, and the homes compared again and again
 */
record Plan(
        int nodes,
        int providers,
        int clients,
        int keys,
        long breakNanos,
        long thinkNanos,
        long gapNanos,
        long faultNanos,
        long nodeCrashNanos,
        long clockStepNanos,
        int expiring,
        boolean dark,
        boolean queues,
        boolean collects,
        Set<Trouble> faults,
        Pace pace,
        Latency network,
        Latency providerDisk,
        Latency nodeDisk) {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final int FEW = 8;
    private static final int MOST_IN_CROWD = 32;
    private static final int MANY_KEYS = 64;

    static Plan draw(SplittableRandom random, Shape shape) {
        Set<Trouble> faults = EnumSet.noneOf(Trouble.class);
        int likely = 1 + random.nextInt(4);
        for (Trouble kind : Trouble.values()) {
            if (random.nextInt(4) < likely && shape.faults().contains(kind)) {
                faults.add(kind);
            }
        }
        int nodes = random.nextBoolean() ? 1 : 2 + random.nextInt(2);
        int providers = random.nextInt(4) > 0 ? 2 : 3;
        boolean collects = random.nextInt(6) == 0;
        if (!collects) {
            faults.remove(Trouble.SUSPENDED);
        }
        int several = shape.nodes() > 0 ? shape.nodes() : nodes;
        if (several == 1) {
            faults.remove(Trouble.PARTED);
            faults.remove(Trouble.SPLIT);
        }
        // No tombstone is collected that is younger than a request may be old.
        int breakSeconds = collects ? 30 + random.nextInt(30) : 2 + random.nextInt(8);
        // Now and then a crowd that calls no more often than a few do: then many calls can wait at once.
        int crowd = random.nextInt(4) == 0 ? MOST_IN_CROWD / FEW : 1;
        int clients = crowd * (1 + random.nextInt(FEW));
        int keys = 1 + random.nextInt(random.nextInt(4) == 0 ? MANY_KEYS : FEW);
        return new Plan(
                several,
                shape.providers() > 0 ? shape.providers() : providers,
                clients,
                keys,
                (shape.breakSeconds() > 0 ? shape.breakSeconds() : breakSeconds) * SECOND,
                think(random, clients, crowd, shape.calls()),
                (1 + random.nextInt(4)) * SECOND,
                (10L << random.nextInt(10)) * MILLI,
                random.nextInt(3) == 0 ? 0 : (1 + random.nextInt(10)) * SECOND,
                random.nextInt(3) > 0 ? 0 : (1 + random.nextInt(4)) * SECOND,
                random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(50),
                random.nextInt(3) == 0,
                random.nextBoolean(),
                collects,
                faults,
                Pace.draw(random),
                network(random, several),
                Latency.draw(random, 10_000L << random.nextInt(8)),
                Latency.draw(random, 10_000L << random.nextInt(9)));
    }

    /** The longest from one call of a client to its next; the mean is half as long. */
    private static long think(SplittableRandom random, int clients, int crowd, int calls) {
        long drawn = crowd * (8L << random.nextInt(6)) * MILLI;
        return calls > 0 ? 2 * SECOND * clients / calls : drawn;
    }

    /**
     * Where several nodes are, each late answer makes a hint, and its mark has the others doubt the provider: with one call in twenty
     * late by ten deadlines they never all trust all providers at once.
     */
    private static Latency network(SplittableRandom random, int nodes) {
        Latency drawn = Latency.draw(random, 10_000L << random.nextInt(10));
        return nodes > 1 ? drawn.calmer() : drawn;
    }

    /** The namespace's: as it comes, but for dark writes. */
    Namespace.Policy policy() {
        Namespace.Policy usual = Namespace.Policy.DEFAULT;
        return usual.withDarkWrites(dark);
    }

    /** The store's settings: as it comes, but for how soon it collects. */
    ReplicationConfig config() {
        ReplicationConfig usual = ReplicationConfig.DEFAULT;
        return collects
                ? usual.withCollecting(
                        Duration.ofSeconds(4), Duration.ofNanos(2 * History.MOST_SKEW_NANOS), Duration.ofSeconds(1))
                : usual;
    }
}

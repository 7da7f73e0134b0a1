package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.simulation.parts.Latency;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What edges a seed makes, and who reads there. Drawn apart from {@link Plan}, so that a world without edges is the same whether or
 * not there could have been some.
 *
 * @param edges how many; 0 for a world without any, in which nobody reads from near either
 * @param readers how many read from near, at edges and at origins
 * @param thinkNanos the longest a reader waits from one call to the next
 * @param ttlNanos for how long an answer is good enough
 * @param onOutage what a reader gets while nobody can be asked
 * @param cache how the edges keep near answers
 * @param crashNanos the longest an edge runs before it crashes; 0 for never
 * @param cutGapNanos the longest the way from an edge to an origin is well; 0 for always
 * @param cutNanos the longest it is cut
 * @param network how long one way from an edge to an origin takes
 * @param pinned whether the namespace is, so that each edge keeps a full copy
 * @param tiered whether the last of several edges asks the others, and not the origins
 * @param apps how many applications use the Java client; crashes, cuts and ways are as for edges
 * @param appsFollow whether their clients follow the changes
 */
record EdgePlan(
        int edges,
        int readers,
        long thinkNanos,
        long ttlNanos,
        OnOutage onOutage,
        EdgeConfig cache,
        long crashNanos,
        long cutGapNanos,
        long cutNanos,
        Latency network,
        boolean pinned,
        boolean tiered,
        int apps,
        boolean appsFollow) {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    /** The longest that one message takes between an edge and an origin. */
    static final long LONGEST_WAY_NANOS = 250 * MILLI;

    private static final long[] TTLS = {500 * MILLI, 2 * SECOND, 10 * SECOND, 60 * SECOND};
    /** A few entries: then keys have to make room for each other. */
    private static final long CRAMPED_BYTES = 1_000;

    private static final long ROOMY_BYTES = 1L << 20;

    /** @param later draws what came to be drawn later, so that all else stays as it was */
    static EdgePlan draw(SplittableRandom random, int wanted, SplittableRandom later) {
        int drawn = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
        int edges = wanted < 0 ? drawn : wanted;
        boolean cramped = random.nextInt(3) == 0;
        boolean disk = cramped || random.nextBoolean();
        EdgeConfig cache = new EdgeConfig(
                cramped ? CRAMPED_BYTES : ROOMY_BYTES, disk ? ROOMY_BYTES : 0, Duration.ofMillis(250), 4);
        int readers = 2 + random.nextInt(5);
        long think = (8L << random.nextInt(5)) * MILLI;
        long ttl = TTLS[random.nextInt(TTLS.length)];
        // A copy is heard of every second, and a shorter time to live asks for more than it promises.
        boolean pinned = later.nextInt(3) == 0 && ttl > SECOND;
        return new EdgePlan(
                edges,
                readers,
                think,
                ttl,
                onOutage(random),
                pinned ? pinning(cache, later) : cache,
                random.nextInt(3) > 0 ? 0 : (1 + random.nextInt(6)) * SECOND,
                random.nextInt(3) == 0 ? 0 : (1 + random.nextInt(4)) * SECOND,
                (50L << random.nextInt(8)) * MILLI,
                network(random),
                pinned,
                edges > 1 && later.nextInt(2) == 0,
                // Last, so that a world without any is the same whether or not there could have been some.
                edges == 0 || random.nextBoolean() ? 0 : 1 + random.nextInt(2),
                random.nextInt(3) > 0);
    }

    /** Compared every few seconds, and in some worlds without room for all keys. */
    private static EdgeConfig pinning(EdgeConfig cache, SplittableRandom later) {
        long room = later.nextInt(5) == 0 ? CRAMPED_BYTES : ROOMY_BYTES;
        Duration verify = Duration.ofSeconds(1 + later.nextInt(10));
        return new EdgeConfig(
                cache.memoryBytes(), cache.diskBytes(), cache.patience(), cache.refreshers(), room, verify);
    }

    /** For how much of what it hears an edge has room, to tell it on: in cramped worlds for a few changes. */
    long relayedBytes() {
        return cache.memoryBytes() == CRAMPED_BYTES ? 4 * CRAMPED_BYTES : ROOMY_BYTES;
    }

    /** The namespace's; without edges nothing reads from near, and nothing is asked of it. */
    Namespace.Policy policy(Namespace.Policy usual) {
        return edges == 0 ? usual : usual.withOnOutage(onOutage).withPinned(pinned);
    }

    private static OnOutage onOutage(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> new OnOutage.Closed();
            case 1, 2 -> new OnOutage.Stale(Duration.ofSeconds(1 + random.nextInt(3)));
            default -> OnOutage.STALE;
        };
    }

    private static Latency network(SplittableRandom random) {
        long least = (100L << random.nextInt(8)) * 1_000;
        return new Latency(least, 1 + least, random.nextBoolean() ? 0 : 50, LONGEST_WAY_NANOS - 2 * least);
    }
}

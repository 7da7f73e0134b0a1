package dev.holdfast.simulation.parts;

import java.util.SplittableRandom;

/**
 * How long a part takes, in nanoseconds: a least time, a random time on top, and now and then a long one.
 *
 * @param spikeEvery one in so many takes up to {@code spike} longer; 0 for never
 */
public record Latency(long least, long more, int spikeEvery, long spike) {

    private static final long CALM_SPIKE_NANOS = 20_000_000L;

    public static final Latency NONE = new Latency(0, 0, 0, 0);

    /** @param scale the order of magnitude, in nanoseconds */
    public static Latency draw(SplittableRandom random, long scale) {
        long least = 1 + random.nextLong(scale);
        int spikeEvery = random.nextBoolean() ? 0 : 20 << random.nextInt(6);
        return new Latency(least, 1 + random.nextLong(4 * least), spikeEvery, scale * (1 + random.nextInt(100)));
    }

    /** The same with rarer and shorter spikes. */
    public Latency calmer() {
        return new Latency(
                least, more, spikeEvery == 0 ? 0 : Math.max(160, spikeEvery), Math.min(spike, CALM_SPIKE_NANOS));
    }

    /** How long it takes this time. */
    public long next(SplittableRandom random) {
        long nanos = least + (more == 0 ? 0 : random.nextLong(more));
        boolean spikes = spikeEvery > 0 && random.nextInt(spikeEvery) == 0;
        return spikes ? nanos + random.nextLong(spike) : nanos;
    }
}

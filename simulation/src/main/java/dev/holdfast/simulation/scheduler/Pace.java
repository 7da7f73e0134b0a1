package dev.holdfast.simulation.scheduler;

import java.util.SplittableRandom;

/**
 * How threads are chosen and how fast they run; drawn from the seed, since each habit finds other bugs.
 *
 * @param stepNanos each step takes up to so many nanoseconds of virtual time
 * @param stallEvery one step in so many is preceded by a pause of its thread, as from a collector or a busy machine; 0 for none
 * @param stallNanos the longest such pause
 * @param newestFirst how many in 256 choices take the thread that became runnable last instead of any one
 */
public record Pace(int stepNanos, int stallEvery, long stallNanos, int newestFirst) {

    public static final Pace EVEN = new Pace(1_000, 0, 1, 0);

    public static Pace draw(SplittableRandom random) {
        int stallEvery = random.nextInt(3) == 0 ? 0 : 200 << random.nextInt(5);
        long stallNanos = 10_000L << random.nextInt(12);
        int newestFirst = random.nextInt(3) == 0 ? 128 : 0;
        return new Pace(500 + random.nextInt(20_000), stallEvery, stallNanos, newestFirst);
    }
}

package dev.holdfast.simulation.scheduler;

import dev.holdfast.engine.time.Time;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The door of time as it opens for one process of the simulated world. All share the scheduler; each has a wall clock of its
 * own, which may be wrong and may step.
 */
public final class SimulatedTime implements Time {
    /** 1 January 2027: far from the epoch, so that nothing mistakes a duration for a date. */
    private static final long BEGIN_MILLIS = 1_798_761_600_000L;

    private final Scheduler scheduler;
    private final Process process;
    private final SplittableRandom random;
    private final long nanosOrigin;
    private long skewMillis;

    /** @param random for this process alone */
    public SimulatedTime(Scheduler scheduler, Process process, SplittableRandom random) {
        this.scheduler = scheduler;
        this.process = process;
        this.random = random;
        this.nanosOrigin = random.nextLong() >> 1;
    }

    /** Steps the wall clock so that it differs by {@code millis} from the true time. */
    public void skew(long millis) {
        skewMillis = millis;
    }

    /** The virtual time at which a right clock shows so many seconds since the Unix epoch. */
    public static long nanosAt(long epochSeconds) {
        return (epochSeconds * 1_000 - BEGIN_MILLIS) * 1_000_000;
    }

    /** What a right clock shows at a virtual time. */
    public static long wallMillisAt(long nanos) {
        return BEGIN_MILLIS + nanos / 1_000_000;
    }

    public Process process() {
        return process;
    }

    @Override
    public long wallMillis() {
        return BEGIN_MILLIS + skewMillis + scheduler.now() / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanosOrigin + scheduler.now();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Thread fork(String name, Runnable task) {
        return scheduler.fork(process, name, task).thread();
    }

    @Override
    public Thread dedicate(String name, Runnable task) {
        return fork(name, task);
    }

    @Override
    public void park(long nanos) {
        scheduler.park(nanos);
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        long end = scheduler.now() + nanos;
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            scheduler.park(end - scheduler.now());
        } while (scheduler.now() < end);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}

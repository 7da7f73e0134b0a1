package dev.holdfast.simulation;

import dev.holdfast.simulation.scheduler.Digest;
import dev.holdfast.simulation.world.Result;
import dev.holdfast.simulation.world.Shape;
import dev.holdfast.simulation.world.Variant;
import dev.holdfast.simulation.world.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Runs one seed after the other. Several at a time when there are threads for it: worlds share nothing, so the outcome of a seed
 * does not depend on what runs beside it.
 */
public final class Simulation {
    private final Variant variant;
    private final Shape shape;

    public Simulation(Variant variant, Shape shape) {
        this.variant = variant;
        this.shape = shape;
    }

    /**
     * What all seeds came to.
     *
     * @param faults things that went wrong in the worlds: of providers and disks, crashes of nodes, steps of clocks
     * @param steps of the scheduler: how often a thread was chosen to go on
     * @param virtualNanos how long the worlds lived, in their own time
     * @param digest of the seeds' digests, in order
     */
    public record Summary(
            long seeds, long failed, long operations, long faults, long steps, long virtualNanos, String digest) {}

    /**
     * Returns when all have run.
     *
     * @param each is given every result, in the order of the seeds, on this thread
     */
    public Summary run(long from, long seeds, int threads, Consumer<Result> each) throws InterruptedException {
        Sum sum = new Sum();
        Deque<Future<Result>> under = new ArrayDeque<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (long seed = from; seed < from + seeds; seed++) {
                long own = seed;
                under.add(pool.submit(() -> new World(own, variant, shape).run()));
                if (under.size() > 4 * threads) {
                    sum.add(under.remove(), each);
                }
            }
            while (!under.isEmpty()) {
                sum.add(under.remove(), each);
            }
        }
        return sum.summary();
    }

    private static final class Sum {
        private final Digest digest = new Digest();
        private long seeds;
        private long failed;
        private long operations;
        private long faults;
        private long steps;
        private long virtualNanos;

        void add(Future<Result> run, Consumer<Result> each) throws InterruptedException {
            Result result;
            try {
                result = run.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a world could not be made: " + e.getCause(), e);
            }
            seeds++;
            failed += result.passed() ? 0 : 1;
            operations += result.operations();
            faults += result.faults();
            steps += result.steps();
            virtualNanos += result.nanos();
            digest.add(result.digest());
            each.accept(result);
        }

        Summary summary() {
            return new Summary(seeds, failed, operations, faults, steps, virtualNanos, digest.toString());
        }
    }
}

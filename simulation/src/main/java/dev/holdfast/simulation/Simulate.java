package dev.holdfast.simulation;

import dev.holdfast.simulation.world.ReplicatedOrigin;
import dev.holdfast.simulation.world.Result;
import dev.holdfast.simulation.world.Variant;
import dev.holdfast.simulation.world.World;
import java.io.PrintStream;

/** Runs seeds and reports those in which a promise broke: {@code --from SEED --seeds N}. */
public final class Simulate {
    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final Variant variant;
    private long failed;
    private long operations;
    private long incidents;
    private long steps;
    private long virtualNanos;

    private Simulate(PrintStream out, Variant variant) {
        this.out = out;
        this.variant = variant;
    }

    public static void main(String[] arguments) {
        long from = 0;
        long seeds = 100;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--from" -> from = number(arguments, ++i);
                case "--seeds" -> seeds = number(arguments, ++i);
                default -> throw usage("unknown argument " + arguments[i]);
            }
        }
        Simulate simulate = new Simulate(System.out, ReplicatedOrigin.asShipped());
        simulate.run(from, seeds);
        System.exit(simulate.failed == 0 ? 0 : 1);
    }

    private static long number(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw usage("a number is missing after " + arguments[at - 1]);
        }
        try {
            return Long.parseLong(arguments[at]);
        } catch (NumberFormatException e) {
            throw usage("not a number: " + arguments[at]);
        }
    }

    private static IllegalArgumentException usage(String wrong) {
        return new IllegalArgumentException(wrong + "; usage: [--from SEED] [--seeds N]");
    }

    private void run(long from, long seeds) {
        long began = System.nanoTime();
        long shown = began;
        for (long seed = from; seed < from + seeds; seed++) {
            Result result = new World(seed, variant).run();
            count(result);
            if (!result.passed()) {
                out.println(result.report());
                out.println("  again: --from " + seed + " --seeds 1");
            }
            if (System.nanoTime() - shown > PROGRESS_NANOS) {
                shown = System.nanoTime();
                out.println((seed - from + 1) + " of " + seeds + " seeds, " + failed + " failed");
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double virtual = virtualNanos / 1e9;
        out.printf(
                "%d seeds, %d failed: %d calls, %d incidents, %d scheduler steps, %.0f virtual seconds in %.1f s (%.0f"
                        + " times real time)%n",
                seeds, failed, operations, incidents, steps, virtual, seconds, virtual / seconds);
    }

    private void count(Result result) {
        failed += result.passed() ? 0 : 1;
        operations += result.operations();
        incidents += result.incidents();
        steps += result.steps();
        virtualNanos += result.nanos();
    }
}

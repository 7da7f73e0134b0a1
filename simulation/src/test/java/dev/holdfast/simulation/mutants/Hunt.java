package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.world.ReplicatedOrigin;
import dev.holdfast.simulation.world.Result;
import dev.holdfast.simulation.world.Shape;
import dev.holdfast.simulation.world.World;
import java.util.function.LongFunction;

/** Runs one seed and says which promise broke, if any. Loaded by {@link MutantLoader}, so that what it runs is the mutant. */
public class Hunt implements LongFunction<String> {
    private final Shape shape;

    public Hunt() {
        this(Shape.DRAWN);
    }

    Hunt(Shape shape) {
        this.shape = shape;
    }

    /** @return the name of the promise; {@code the run} when it could not go on; empty when all is well */
    @Override
    public final String apply(long seed) {
        Result result = new World(seed, ReplicatedOrigin.asShipped(), shape).run();
        if (!result.failure().isEmpty()) {
            return "the run";
        }
        return result.violations().isEmpty()
                ? ""
                : result.violations().getFirst().promise();
    }
}

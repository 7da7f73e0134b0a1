package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.world.ReplicatedOrigin;
import dev.holdfast.simulation.world.Result;
import dev.holdfast.simulation.world.World;
import java.util.function.LongFunction;

/** Runs one seed and says which promise broke, if any. Loaded by {@link MutantLoader}, so that what it runs is the mutant. */
public final class Hunt implements LongFunction<String> {
    private final Ground ground;

    /** @param ground in which worlds, as {@link Ground} reads it */
    public Hunt(String ground) {
        this.ground = Ground.of(ground);
    }

    /** @return the name of the promise; {@code the run} and why when it could not go on; empty when all is well */
    @Override
    public String apply(long seed) {
        Result result = new World(seed, ReplicatedOrigin.asShipped(), ground.shape()).run();
        if (!result.failure().isEmpty()) {
            return "the run: " + result.failure();
        }
        return result.violations().isEmpty()
                ? ""
                : result.violations().getFirst().promise();
    }
}

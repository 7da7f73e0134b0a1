package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import java.util.function.UnaryOperator;

/**
 * What is simulated: the program, and in tests of the checkers, what is deliberately wrong with it.
 *
 * @param provider what stands between the program and each provider
 * @param disk what stands between the program and its disk
 * @param lyingDisk whether the node's disk acknowledges before it has synced
 */
public record Variant(
        Origin origin, UnaryOperator<Provider> provider, UnaryOperator<LocalStore> disk, boolean lyingDisk) {

    public static Variant of(Origin origin) {
        return new Variant(origin, UnaryOperator.identity(), UnaryOperator.identity(), false);
    }
}

package dev.holdfast.simulation.replay;

import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.Set;
import java.util.TreeSet;

/**
 * The two providers that an outage befalls. A store with one provider has {@code a} alone.
 *
 * @param wayToA the faults that {@code a} can be made to show
 * @param founded whether places are made for the store, which has no way of its own to make one
 * @param gone the names of those that never come back
 */
record Places(
        SimulatedProvider a,
        SimulatedProvider b,
        FaultyProvider wayToA,
        FaultyProvider wayToB,
        boolean founded,
        Set<String> gone) {
    static Places of(
            SimulatedProvider a, SimulatedProvider b, FaultyProvider wayToA, FaultyProvider wayToB, boolean founded) {
        return new Places(a, b, wayToA, wayToB, founded, new TreeSet<>());
    }

    /** Ends {@code a} for ever, with all that it holds. */
    void loseA() {
        a.crash();
        gone.add(a.name());
    }

    /** Lets an empty place take the name of {@code a}, which was wiped. */
    void replaceA() {
        a.restart();
        if (founded) {
            found(a);
        }
    }

    /** Makes the place, for a store that has no way of its own to begin. */
    static void found(Provider provider) {
        try {
            provider.initialise(new Identity("0".repeat(31) + provider.name(), 1));
        } catch (ProviderFault fault) {
            throw new IllegalStateException("a place is made only where all is well", fault);
        }
    }
}

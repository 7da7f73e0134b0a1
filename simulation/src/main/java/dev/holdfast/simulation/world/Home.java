package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.List;

/**
 * A provider of the world.
 *
 * @param place where the records lie
 * @param ways each node's own way to it, with the faults that it can be made to show there
 */
record Home(SimulatedProvider place, List<FaultyProvider> ways) {
    Home {
        ways = List.copyOf(ways);
    }
}

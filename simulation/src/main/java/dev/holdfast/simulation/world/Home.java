package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.simulation.parts.SimulatedProvider;

/** A provider of the world: the place, and the faults it can be made to show on the way to it. */
record Home(SimulatedProvider place, FaultyProvider faults) {}

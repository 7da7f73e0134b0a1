/** The parts of the simulated world that production code talks to: disks and providers that fail as real ones do. */
@NullMarked
package dev.holdfast.simulation.parts;

import org.jspecify.annotations.NullMarked;

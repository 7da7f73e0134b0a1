/** One origin over two providers, its clients, and everything that goes wrong for them, drawn from one seed. */
@NullMarked
package dev.holdfast.simulation.world;

import org.jspecify.annotations.NullMarked;

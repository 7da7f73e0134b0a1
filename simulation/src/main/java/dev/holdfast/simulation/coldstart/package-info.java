/** A store whose caches are all empty at once: with and without bounds on what comes to its providers. */
@NullMarked
package dev.holdfast.simulation.coldstart;

import org.jspecify.annotations.NullMarked;

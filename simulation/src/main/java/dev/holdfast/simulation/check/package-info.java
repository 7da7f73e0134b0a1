/** Each checker reads what happened and says which promise broke, with the shortest story of it. */
@NullMarked
package dev.holdfast.simulation.check;

import org.jspecify.annotations.NullMarked;

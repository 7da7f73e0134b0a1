/** What happened in a run, as its clients saw it. */
@NullMarked
package dev.holdfast.simulation.history;

import org.jspecify.annotations.NullMarked;

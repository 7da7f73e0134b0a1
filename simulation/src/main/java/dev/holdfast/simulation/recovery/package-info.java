/** Outages that have happened, played again up to the recovery, each judged by checks that pass or fail. */
@NullMarked
package dev.holdfast.simulation.recovery;

import org.jspecify.annotations.NullMarked;

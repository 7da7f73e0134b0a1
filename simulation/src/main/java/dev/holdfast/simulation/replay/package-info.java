/** Outages that have happened, played again on made-up worlds: what each way to build the store would have come to. */
@NullMarked
package dev.holdfast.simulation.replay;

import org.jspecify.annotations.NullMarked;

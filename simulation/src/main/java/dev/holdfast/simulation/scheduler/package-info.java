/** Virtual threads on one carrier, chosen by a seed, in virtual time. */
@NullMarked
package dev.holdfast.simulation.scheduler;

import org.jspecify.annotations.NullMarked;

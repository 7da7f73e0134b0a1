/** The deterministic world: virtual time, faulty providers, history checkers, replays. */
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;

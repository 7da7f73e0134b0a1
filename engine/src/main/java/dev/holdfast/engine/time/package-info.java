/** The only door to clocks, sleeping, threads and randomness. */
@NullMarked
package dev.holdfast.engine.time;

import org.jspecify.annotations.NullMarked;

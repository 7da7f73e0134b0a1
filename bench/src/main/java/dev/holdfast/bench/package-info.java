/** Holdfast as a process beside its own bare parts, nginx, and what could be used instead, in one table ({@code bench/run}). */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;

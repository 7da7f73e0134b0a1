/** The whole system beside its own bare parts and nginx, in one table ({@code bench/run}). */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;

/** A server as a process of its own, and what the other packages do to it: kill it, cut its power, look at its providers. */
@NullMarked
package dev.holdfast.integration.harness;

import org.jspecify.annotations.NullMarked;

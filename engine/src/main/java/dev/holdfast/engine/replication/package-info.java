/** Several providers become one store: fan-out, hint log, confirmed reads, repair, comparison, feed. */
@NullMarked
package dev.holdfast.engine.replication;

import org.jspecify.annotations.NullMarked;

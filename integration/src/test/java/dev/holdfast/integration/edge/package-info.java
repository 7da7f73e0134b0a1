/** Edges before an origin, as processes: what is heard, what is read through several, what is left when the origin is gone. */
@NullMarked
package dev.holdfast.integration.edge;

import org.jspecify.annotations.NullMarked;

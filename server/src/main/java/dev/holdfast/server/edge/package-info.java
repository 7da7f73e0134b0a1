/** How an edge reaches its origins: their store, their changes and their catalogue, over HTTP. */
@NullMarked
package dev.holdfast.server.edge;

import org.jspecify.annotations.NullMarked;

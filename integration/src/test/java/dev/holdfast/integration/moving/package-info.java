/** A store that is moved from some providers to others while it serves, and what is killed on the way. */
@NullMarked
package dev.holdfast.integration.moving;

import org.jspecify.annotations.NullMarked;

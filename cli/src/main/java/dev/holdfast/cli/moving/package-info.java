/** Moves a store from some providers to others. Knows nothing of the command line. */
@NullMarked
package dev.holdfast.cli.moving;

import org.jspecify.annotations.NullMarked;

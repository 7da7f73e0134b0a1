/** A fault on purpose, under load, with every answer checked. Knows nothing of the command line. */
@NullMarked
package dev.holdfast.cli.drill;

import org.jspecify.annotations.NullMarked;

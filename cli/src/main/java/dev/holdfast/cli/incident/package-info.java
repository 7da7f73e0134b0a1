/** Incidents of several nodes, put together from what each answers. Knows nothing of the command line. */
@NullMarked
package dev.holdfast.cli.incident;

import org.jspecify.annotations.NullMarked;

/** Incidents at a real process. */
@NullMarked
package dev.holdfast.integration.incident;

import org.jspecify.annotations.NullMarked;

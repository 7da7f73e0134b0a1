/** Telling others of incidents: what was told to whom, what is still to be told, and trying again. */
@NullMarked
package dev.holdfast.engine.incident.notice;

import org.jspecify.annotations.NullMarked;

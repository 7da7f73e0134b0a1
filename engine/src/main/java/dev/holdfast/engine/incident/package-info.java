/** Noticing, naming, recording: detectors, severity, timeline. */
@NullMarked
package dev.holdfast.engine.incident;

import org.jspecify.annotations.NullMarked;

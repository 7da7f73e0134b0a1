/** Incidents of several nodes in one view: which of them are of one cause. */
@NullMarked
package dev.holdfast.engine.incident.joint;

import org.jspecify.annotations.NullMarked;

/** Who may enter, how much, and in what order after an outage: gates, limits, fair turns, and the governor of recovery. */
@NullMarked
package dev.holdfast.engine.admission;

import org.jspecify.annotations.NullMarked;

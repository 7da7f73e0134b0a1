package dev.holdfast.engine.admission;

import java.util.Locale;

/**
 * Something that a ramp has decided, or a person about it.
 *
 * @param at milliseconds since the Unix epoch
 * @param wave its number, from 1
 * @param by who; empty for the ramp itself
 * @param sentence what and why, for people
 */
public record RampEvent(long at, Kind kind, int wave, String by, String sentence) {
    /** What happened. */
    public enum Kind {
        BEGUN,
        STEP,
        HOLD,
        CALM,
        BACK,
        PAUSED,
        RESUMED,
        SKIPPED,
        OVERRIDDEN,
        /** A gate was set by hand, and is no longer the ramp's. */
        BY_HAND,
        /** The node started again in the middle of it. */
        RESTARTED,
        ABORTED,
        DONE;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

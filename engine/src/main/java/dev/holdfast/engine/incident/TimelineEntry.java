package dev.holdfast.engine.incident;

import java.util.Locale;

/**
 * One line of an incident's timeline.
 *
 * @param at milliseconds since the Unix epoch
 * @param who {@link #SYSTEM}, or the operator
 * @param what a sentence
 */
public record TimelineEntry(long at, String who, Kind kind, String what) {
    public static final String SYSTEM = "system";

    /** What a line is about. */
    public enum Kind {
        /** It was opened, opened again or closed. */
        STATE,
        /** Its severity changed. */
        SEVERITY,
        /** An alarm began or ended. */
        ALARM,
        /** Something that the system did. */
        ACT,
        /** Something that an operator did. */
        OPERATOR;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

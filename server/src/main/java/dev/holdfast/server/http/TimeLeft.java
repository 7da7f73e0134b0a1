package dev.holdfast.server.http;

import java.util.OptionalLong;

/**
 * How long a caller still waits for its answer, as it says with {@link #HEADER}: what nobody waits for any more is not worth doing. In
 * milliseconds from when the request came, so that clocks need not agree; the time that it took on its way is not counted.
 */
final class TimeLeft {
    static final String HEADER = "Holdfast-Deadline-Ms";
    /** Whoever wants to wait for longer says nothing. */
    static final long LONGEST_MILLIS = 600_000;

    static final String EXPECTED = HEADER + " is how many milliseconds the caller still waits for the answer, a whole"
            + " number from 0 to " + LONGEST_MILLIS + ".";

    private TimeLeft() {}

    /**
     * Until when, by the clock on which the request came at {@code cameNanos}.
     *
     * @return empty when the caller does not say
     * @throws IllegalArgumentException when it is not such a number
     */
    static OptionalLong until(Call call, long cameNanos) {
        String text = call.header(HEADER);
        if (text == null) {
            return OptionalLong.empty();
        }
        long millis = text.matches("[0-9]{1,6}") ? Long.parseLong(text) : -1;
        if (millis < 0 || millis > LONGEST_MILLIS) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return OptionalLong.of(cameNanos + millis * 1_000_000);
    }
}

package dev.holdfast.engine.time;

/**
 * By how much another clock is ahead of this node's, in milliseconds, as far as messages show it; less than zero when it is behind.
 *
 * <p>After Cristian, "Probabilistic clock synchronization" (1989): what was read off the other clock was read after this node last did
 * something that the other one had seen by then, and before this node heard of it. However long messages are on their way, held up or
 * sent again, that widens the bounds and never moves them past the truth; so a slow message is not taken for a clock that is off.
 *
 * @param least it is not less
 * @param most it is not more; {@link Long#MAX_VALUE} where nothing of this node's had been seen
 */
public record ClockBounds(long least, long most) {
    /** Clocks that are kept by a time server differ by some milliseconds. Times of clients and expirations are in seconds. */
    public static final long MOST_APART_MILLIS = 2_000;

    /** Only that it was read before this node's clock showed {@code heard}. */
    public static ClockBounds of(long read, long heard) {
        return new ClockBounds(read - heard, Long.MAX_VALUE);
    }

    /**
     * And after this node had said something, when its clock showed {@code said}.
     *
     * @param agoNanos how long before {@code heard} that was, by the clock that never steps back. Where the two do not agree, this node's
     *     clock was set in between, or the machine was suspended, in which that other clock may stand still: the wider bounds are right in
     *     both cases
     */
    public static ClockBounds of(long said, long agoNanos, long read, long heard) {
        return new ClockBounds(read - heard, read - Math.min(said, heard - agoNanos / 1_000_000));
    }

    /** Of both; only the later ones where they contradict, since a clock has been set in between. */
    public ClockBounds then(ClockBounds later) {
        ClockBounds both = new ClockBounds(Math.max(least, later.least), Math.min(most, later.most));
        return both.least > both.most ? later : both;
    }

    /** How far ahead it is shown to be at least, or how far behind as a number below zero; 0 when the two may agree. */
    public long shown() {
        return least > 0 ? least : Math.min(most, 0);
    }

    /** Whether the two clocks are shown to be further apart than any that are kept. */
    public boolean apart() {
        return Math.abs(shown()) > MOST_APART_MILLIS;
    }

    /** Whether they are shown to be no further apart than that; bounds that are too wide show neither. */
    public boolean together() {
        return least >= -MOST_APART_MILLIS && most <= MOST_APART_MILLIS;
    }
}

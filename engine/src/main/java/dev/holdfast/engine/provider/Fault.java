package dev.holdfast.engine.provider;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * A way to fail, for {@link FaultyProvider} to show.
 *
 * @param rate the share of calls it strikes, above 0 and up to 1; each row of a scan counts as a call where rows are altered
 * @param operations those it strikes; which of them a mode can strike at all is in docs/drills.md
 * @param delay how much later a {@link FaultMode#SLOW} call works, 0 to an hour; without meaning for other modes
 * @param perSecond how many struck calls a {@link FaultMode#SLOW} provider serves in a second, one after the other; others wait in a line
 *     without end, and are served also when nobody waits for them any more. 0 for no such bound; without meaning for other modes
 */
public record Fault(FaultMode mode, double rate, Set<Operation> operations, Duration delay, double perSecond) {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_PER_SECOND = 1_000_000;

    /** @throws IllegalArgumentException with a sentence for people */
    public Fault {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("a fault's rate is above 0 and at most 1, not " + rate);
        }
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("a fault strikes at least one operation");
        }
        if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a fault's delay is 0 to one hour, not " + delay);
        }
        if (!(perSecond >= 0 && perSecond <= MOST_PER_SECOND)) {
            throw new IllegalArgumentException("calls a second are above 0 and at most " + MOST_PER_SECOND
                    + ", or 0 for no bound, not " + perSecond);
        }
        operations = Set.copyOf(operations);
    }

    /** Without a bound on calls a second. */
    public Fault(FaultMode mode, double rate, Set<Operation> operations, Duration delay) {
        this(mode, rate, operations, delay, 0);
    }

    /** Every call of every operation, 200 ms late where it is about that. */
    public static Fault of(FaultMode mode) {
        return new Fault(mode, 1, EnumSet.allOf(Operation.class), Duration.ofMillis(200));
    }
}

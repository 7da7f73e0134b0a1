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
 */
public record Fault(FaultMode mode, double rate, Set<Operation> operations, Duration delay) {
    private static final Duration LONGEST = Duration.ofHours(1);

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
        operations = Set.copyOf(operations);
    }

    /** Every call of every operation, 200 ms late where it is about that. */
    public static Fault of(FaultMode mode) {
        return new Fault(mode, 1, EnumSet.allOf(Operation.class), Duration.ofMillis(200));
    }
}

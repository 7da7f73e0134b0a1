package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;
import java.util.OptionalInt;

/** From when on requests were answered again: at least 99 % of them for a minute, to the end of which nobody looks ahead. */
final class Back {
    /** Over how many seconds a point is an average. */
    static final int STEP = 10;

    static final double WELL = 0.99;
    private static final int STEADY_STEPS = 6;

    private Back() {}

    /**
     * @param line of the felt shares
     * @param from second since the beginning
     * @return seconds after that; empty for never until {@code to}
     */
    static OptionalInt after(Felt felt, int line, int from, int to) {
        int well = 0;
        for (int at = from; at + STEP <= to; at += STEP) {
            well = felt.share(line, at, at + STEP) >= WELL ? well + 1 : 0;
            if (well == STEADY_STEPS) {
                return OptionalInt.of(at - (STEADY_STEPS - 1) * STEP - from);
            }
        }
        return OptionalInt.empty();
    }

    /** The most load in ten seconds. */
    static double most(Felt felt, int from, int to) {
        double most = 0;
        for (int at = from; at + STEP <= to; at += STEP) {
            most = Math.max(most, felt.load(at, at + STEP));
        }
        return most;
    }
}

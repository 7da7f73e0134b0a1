package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.replay.Verdict;
import java.util.Locale;

/** Figures in sentences. */
final class Words {
    private Words() {}

    /** With its unit, in the plural where it takes one; the unit may be empty. */
    static String count(long count, String unit) {
        return String.format(Locale.ROOT, "%,d", count) + (unit.isEmpty() ? "" : " " + unit + (count == 1 ? "" : "s"));
    }

    static String times(double times) {
        return String.format(Locale.ROOT, "%.2f", times);
    }

    /** Says 0 or 100 only of what is exactly that. */
    static String percent(double share) {
        return Verdict.percent(share);
    }
}

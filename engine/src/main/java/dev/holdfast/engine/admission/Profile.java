package dev.holdfast.engine.admission;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of the load lies on the keys of each share: hash shares are no load shares.
 *
 * @param hundredths what was asked of each hundredth of the keys; empty when nothing is known, and all are taken for alike
 */
record Profile(List<Double> hundredths) {
    static final Profile UNKNOWN = new Profile(List.of());
    /** Fewer questions are an accident. */
    private static final double LEAST_QUESTIONS = 200;

    Profile {
        hundredths = List.copyOf(hundredths);
    }

    Profile(double[] of) {
        this(known(of));
    }

    private static List<Double> known(double[] of) {
        double sum = 0;
        List<Double> each = new ArrayList<>();
        for (double one : of) {
            sum += one;
            each.add(one);
        }
        return sum < LEAST_QUESTIONS ? List.of() : each;
    }

    boolean known() {
        return !hundredths.isEmpty();
    }

    /** The share of the load, 0 to 1, that lies on so many percent of the keys. */
    double load(int percent) {
        if (!known()) {
            return percent / 100.0;
        }
        double all = sum(Gate.SHARES);
        return all == 0 ? percent / 100.0 : sum(percent) / all;
    }

    private double sum(int percent) {
        return hundredths.subList(0, percent).stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }
}

package dev.holdfast.bench;

import dev.holdfast.bench.Results.Spread;
import java.util.List;

/**
 * A comparison that the table draws, within each round.
 *
 * @param id what is compared
 * @param others with the slowest of these
 * @param target what the median should reach; 0 for none
 */
record Ratio(String name, String id, List<String> others, double target) {
    boolean in(Results results) {
        return results.has(id) && results.has(others.toArray(String[]::new));
    }

    Spread of(Results results) {
        return results.ratio(id, others.toArray(String[]::new));
    }
}

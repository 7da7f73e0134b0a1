package dev.holdfast.simulation.recovery;

import java.util.List;

/**
 * What a recovery came to on one arm.
 *
 * @param findings of all checks, in their order
 * @param facts figures, in the same order on every arm
 * @param lines shares from 0 to 1, every {@code step} seconds
 * @param load lookups a second at both providers, every {@code step} seconds; empty where that says nothing
 * @param steadyLoad the most of it before the trigger
 * @param digest of all that happened: the same whenever it is played
 */
public record Played(
        String arm,
        String what,
        List<Finding> findings,
        List<Fact> facts,
        List<Line> lines,
        List<Double> load,
        double steadyLoad,
        int step,
        String digest) {
    public Played {
        findings = List.copyOf(findings);
        facts = List.copyOf(facts);
        lines = List.copyOf(lines);
        load = List.copyOf(load);
    }

    /** A figure with its unit. */
    public record Fact(String name, String figure) {}

    /** How a share went. */
    public record Line(String name, List<Double> shares) {
        public Line {
            shares = List.copyOf(shares);
        }
    }

    public boolean kept() {
        return findings.stream().allMatch(Finding::kept);
    }
}

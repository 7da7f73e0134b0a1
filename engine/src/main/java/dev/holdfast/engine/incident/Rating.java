package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Flows.Flow;

/**
 * The severity of what hurts now: from the tier of those who are hurt and the share of their requests of the last five seconds, and
 * from nothing else. See docs/incidents.md, which has the same table.
 *
 * <pre>
 *   of a tier's requests                           tier 0   tier 1   tier 2   tier 3
 *   10 % refused                                   P0       P1       P1       P2
 *   1 % refused, or 10 % stale or slow             P1       P2       P2       P3
 *   3 refused, or 1 % stale or slow                P2       P3       P3       P3
 *   none                                           P4       P4       P4       P4
 *   half of all requests refused, whatever tiers   P0
 * </pre>
 */
final class Rating {
    /** By how many of a tier's requests, then by tier. */
    private static final Severity[][] TABLE = {
        {Severity.P0, Severity.P1, Severity.P1, Severity.P2},
        {Severity.P1, Severity.P2, Severity.P2, Severity.P3},
        {Severity.P2, Severity.P3, Severity.P3, Severity.P3}
    };

    private static final int SECONDS = 5;
    private static final double MANY = .1;
    private static final double SOME = .01;
    private static final double HALF = .5;
    /** Fewer are an accident of somebody. */
    private static final int FEWEST = 3;

    /**
     * What is found.
     *
     * @param who is hurt and how, in a sentence
     */
    record Rated(Severity severity, String who) {}

    static final Rated NOBODY = new Rated(Severity.P4, "Nobody is hurt.");

    private Rating() {}

    static Rated rate(Flows flows, long nanos) {
        Rated worst = NOBODY;
        long all = 0;
        long allRefused = 0;
        for (Flow tier : flows.tiers()) {
            long total = tier.sum(nanos, SECONDS, Flow.TOTAL);
            long refused = tier.sum(nanos, SECONDS, Flow.REFUSED);
            long lesser = tier.sum(nanos, SECONDS, Flow.STALE) + tier.sum(nanos, SECONDS, Flow.SLOW);
            all += total;
            allRefused += refused;
            int row = row(total, refused, lesser);
            if (row < TABLE.length && TABLE[row][column(tier.tier)].worseThan(worst.severity())) {
                worst = new Rated(TABLE[row][column(tier.tier)], sentence(tier.tier, total, refused, lesser));
            }
        }
        if (allRefused >= FEWEST && allRefused >= HALF * all) {
            return new Rated(
                    Severity.P0, allRefused + " of " + all + " requests of the last five seconds are refused.");
        }
        return worst;
    }

    private static int column(int tier) {
        return tier;
    }

    private static int row(long total, long refused, long lesser) {
        if (refused < FEWEST && lesser < FEWEST) {
            return TABLE.length;
        }
        long enough = refused < FEWEST ? 0 : refused;
        if (enough >= MANY * total && enough > 0) {
            return 0;
        } else if ((enough >= SOME * total && enough > 0) || lesser >= MANY * total) {
            return 1;
        }
        return enough > 0 || lesser >= SOME * total ? 2 : TABLE.length;
    }

    private static String sentence(int tier, long total, long refused, long lesser) {
        return "Of " + total + " requests of tier " + tier + " in the last five seconds, " + refused
                + " are refused and " + lesser + " late or answered with what may be old.";
    }
}

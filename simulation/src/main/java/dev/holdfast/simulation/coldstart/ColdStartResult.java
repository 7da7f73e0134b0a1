package dev.holdfast.simulation.coldstart;

import dev.holdfast.simulation.coldstart.ColdStart.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a cold start came to on one arm.
 *
 * @param steadyLoad lookups a second at both providers together: the most in any ten seconds before the trigger, as an average
 * @param peakLoad the same after it
 * @param answeredBefore the share of requests that were answered in those five minutes
 * @param answeredAtLast the same in the last five minutes
 * @param tiers how each tier came back
 * @param points every ten seconds
 */
public record ColdStartResult(
        Arm arm,
        double steadyLoad,
        double peakLoad,
        double answeredBefore,
        double answeredAtLast,
        List<Tier> tiers,
        List<Point> points) {
    /** Over how many seconds a point is an average. */
    public static final int STEP = 10;

    private static final int LOOK_SECONDS = 300;
    private static final double RECOVERED = 0.99;
    /** For so long a tier must be well to have come back. */
    private static final int STEADY_STEPS = 6;

    public ColdStartResult {
        tiers = List.copyOf(tiers);
        points = List.copyOf(points);
    }

    /**
     * One tier.
     *
     * @param recoveredSeconds after the trigger, from when at least 99 % of its requests were answered for a minute; empty for never
     */
    public record Tier(int tier, OptionalInt recoveredSeconds) {}

    /**
     * A step of the way.
     *
     * @param second since the beginning
     * @param answered the share of requests that were answered, of each tier
     * @param load lookups a second at both providers together
     */
    public record Point(int second, List<Double> answered, double load) {}

    static ColdStartResult of(ColdStart plan, Arm arm, Felt felt) {
        int end = plan.warmSeconds() + plan.coldSeconds();
        int trigger = plan.warmSeconds();
        List<Point> points = new ArrayList<>();
        for (int from = 0; from < end; from += STEP) {
            List<Double> answered = new ArrayList<>();
            for (int tier = 0; tier < plan.tiers().size(); tier++) {
                answered.add(felt.share(tier, from, from + STEP));
            }
            points.add(new Point(from, answered, felt.load(from, from + STEP)));
        }
        List<Tier> tiers = new ArrayList<>();
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            tiers.add(new Tier(tier, recovered(points, tier, trigger)));
        }
        return new ColdStartResult(
                arm,
                most(felt, 0, trigger),
                most(felt, trigger, end),
                felt.share(trigger - LOOK_SECONDS, trigger),
                felt.share(end - LOOK_SECONDS, end),
                tiers,
                points);
    }

    /** In any ten seconds, whichever second they begin with. */
    private static double most(Felt felt, int from, int to) {
        double most = 0;
        for (int second = from; second + STEP <= to; second++) {
            most = Math.max(most, felt.load(second, second + STEP));
        }
        return most;
    }

    private static OptionalInt recovered(List<Point> points, int tier, int trigger) {
        int well = 0;
        for (Point point : points) {
            if (point.second() < trigger) {
                continue;
            }
            well = point.answered().get(tier) >= RECOVERED ? well + 1 : 0;
            if (well == STEADY_STEPS) {
                return OptionalInt.of(point.second() - (STEADY_STEPS - 1) * STEP - trigger);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether requests are answered again as before. */
    public boolean recovered() {
        return tiers.stream().allMatch(tier -> tier.recoveredSeconds().isPresent())
                && answeredAtLast >= RECOVERED * answeredBefore;
    }
}

package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Flows.Flow;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The error budget of a tier or a namespace burns: its requests fail, or are late, at a multiple of what the objective allows, over a long
 * window and over a short one, so that an alarm is not for what is over ("The Site Reliability Workbook", 2018, chapter 5, sixth
 * approach). The first windows are shorter than those of the book, so that a total failure is noticed within a second; and no short window
 * is longer than five minutes, so that an incident is over soon after what hurts is. A few failures of a few requests are no alarm.
 */
final class BurnDetector implements Detector {
    private static final int MOST_NAMESPACES = 5;
    /** Beyond it a pause of this node does not count for much. */
    private static final int LONG_SECONDS = 300;

    /** In a short window after a long one so many failures are no accident, however few requests there were. */
    private static final int FEWEST_LATELY = 3;

    private static final int FEWEST_STALE = 5;
    private static final double STALE_SHARE = .1;
    private static final long HELD_NANOS = 5_000_000_000L;

    private final Flows flows;
    private final double budget;
    private final Held held = new Held(HELD_NANOS);

    /**
     * Two windows.
     *
     * @param burn at how many times the allowed share of failures the budget burns
     * @param fewest failures in the long window
     */
    private record Windows(long seconds, long shortSeconds, double burn, int fewest) {}

    private static final List<Windows> ALL = List.of(
            new Windows(5, 1, 100, 5),
            new Windows(60, 5, 40, 10),
            new Windows(300, 60, 20, 20),
            new Windows(3_600, 300, 14.4, 50),
            new Windows(6 * 3_600, 300, 6, 50),
            new Windows(72 * 3_600, 300, 1, 100));

    /** @param objective the share of requests that is to be answered, in time */
    BurnDetector(Flows flows, double objective) {
        this.flows = flows;
        this.budget = 1 - objective;
    }

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        boolean[] told = new boolean[flows.tiers().size()];
        for (Flow tier : flows.tiers()) {
            told[tier.tier] = look(tier, "tier " + tier.tier, now);
        }
        int more = MOST_NAMESPACES;
        for (Flow namespace : flows.namespaces().values()) {
            // Of a tier that burns as a whole its namespaces tell nothing more.
            if (more > 0 && !told[namespace.tier]) {
                more -= look(namespace, "namespace " + namespace.namespace, now) ? 1 : 0;
            }
        }
        held.forEach(now.nanos(), found);
    }

    private boolean look(Flow flow, String name, Observation now) {
        if (!flow.everHurt(now.nanos())) {
            return false;
        }
        for (Windows windows : ALL) {
            // A tenth of all is never within anybody's budget.
            double limit = Math.min(.1, windows.burn() * budget);
            long failed = failed(flow, now.nanos(), windows.seconds());
            if (failed >= windows.fewest()
                    && (windows.seconds() > LONG_SECONDS
                            ? goesOn(flow, now.nanos(), windows.shortSeconds(), limit)
                            : flow.failsOn(now.nanos()))
                    && share(flow, now.nanos(), windows.seconds()) >= limit
                    && share(flow, now.nanos(), windows.shortSeconds()) >= limit) {
                held.found(
                        new Finding(
                                AlarmKind.REQUESTS,
                                name,
                                "",
                                String.format(
                                        Locale.ROOT,
                                        "Of the requests of %s, %.1f %% were refused or late in the last %d seconds.",
                                        name,
                                        100 * share(flow, now.nanos(), windows.seconds()),
                                        windows.seconds())),
                        now.nanos());
                return true;
            }
        }
        long stale = flow.sum(now.nanos(), 5, Flow.STALE);
        if (stale >= FEWEST_STALE
                && stale >= STALE_SHARE * flow.sum(now.nanos(), 5, Flow.TOTAL)
                && flow.staleOn(now.nanos())) {
            held.found(
                    new Finding(
                            AlarmKind.REQUESTS,
                            name,
                            "",
                            "Of the requests of " + name + ", " + stale + " of " + flow.sum(now.nanos(), 5, Flow.TOTAL)
                                    + " in the last five seconds were answered with what may be old."),
                    now.nanos());
            return true;
        }
        return false;
    }

    /** Whether it is more than one failure that burns: among few requests one alone is beyond any share. */
    private static boolean goesOn(Flow flow, long nanos, long seconds, double limit) {
        return failed(flow, nanos, seconds) >= FEWEST_LATELY || flow.sum(nanos, seconds, Flow.TOTAL) * limit >= 1;
    }

    private static long failed(Flow flow, long nanos, long seconds) {
        return flow.sum(nanos, seconds, Flow.REFUSED) + flow.sum(nanos, seconds, Flow.SLOW);
    }

    /** What was before the node started counts as answered: a burst in its first minute has not burnt the budget of three days. */
    private static double share(Flow flow, long nanos, long seconds) {
        long total = flow.sum(nanos, seconds, Flow.TOTAL);
        return total == 0 ? 0 : failed(flow, nanos, seconds) * flow.seen(nanos, seconds) / total;
    }
}

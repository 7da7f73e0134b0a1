package dev.holdfast.simulation.replay;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the providers bore: a stampede shows as a peak far above the usual. */
final class LoadTable {
    private static final String BEFORE = "before";
    private static final String DURING = "during";
    private static final String AFTER = "peak after";

    private final Replays.Outcome outcome;
    private final int begin;
    private final int end;

    private LoadTable(Replays.Outcome outcome) {
        this.outcome = outcome;
        this.begin = (int) (outcome.scenario().beginNanos() / Meter.BUCKET_NANOS);
        this.end = (int) (outcome.scenario().endNanos() / Meter.BUCKET_NANOS);
    }

    static String of(Replays.Outcome outcome) {
        return new LoadTable(outcome).write();
    }

    private String write() {
        StringBuilder out = new StringBuilder("<section><h2>Load on the providers</h2>\n<p>");
        out.append(escaped(inWords())).append("</p>\n<table>");
        out.append(Markup.heading("calls served a minute", "provider", BEFORE, DURING, AFTER))
                .append("<tbody>\n");
        for (ArmResult arm : outcome.arms()) {
            for (Map.Entry<String, List<Long>> provider : arm.load().entrySet()) {
                if (arm.arm().equals("single") && !provider.getKey().equals("a")) {
                    continue;
                }
                List<Long> calls = provider.getValue();
                out.append("<tr>")
                        .append(cell("", "", arm.arm()))
                        .append(cell("provider", "", provider.getKey()))
                        .append(cell(BEFORE, "", String.format(Locale.ROOT, "%,.0f", before(calls))))
                        .append(cell(DURING, "", String.format(Locale.ROOT, "%,.0f", mean(calls.subList(begin, end)))))
                        .append(cell(AFTER, "", String.format(Locale.ROOT, "%,d", peak(calls))))
                        .append("</tr>\n");
            }
        }
        return out.append("</tbody></table></section>\n").toString();
    }

    private String inWords() {
        double times = before(outcome.arm("holdfast").load().getOrDefault("a", List.of()))
                / before(outcome.arm("first-ack").load().getOrDefault("a", List.of()));
        return String.format(
                Locale.ROOT,
                "Holdfast asks both providers and has no cache in front in this model, so its load on each is about"
                        + " %.1f times that of first-ack, whose cache answers the rest. Before and during are means.",
                times);
    }

    /** Without the first minute, in which the caches are cold. */
    private double before(List<Long> calls) {
        return mean(calls.subList(1, begin));
    }

    private static double mean(List<Long> calls) {
        return calls.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    private long peak(List<Long> calls) {
        return calls.stream().skip(end).mapToLong(Long::longValue).max().orElse(0);
    }
}

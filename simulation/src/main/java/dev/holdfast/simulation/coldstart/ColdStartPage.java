package dev.holdfast.simulation.coldstart;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import dev.holdfast.simulation.replay.LineChart;
import dev.holdfast.simulation.replay.Markup;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A cold start as a page that stands alone: no script, nothing fetched, and readable in print. */
public final class ColdStartPage {
    private static final String TITLE = "All caches empty at once";

    private final ColdStart plan;
    private final List<ColdStartResult> results;
    private final StringBuilder out = new StringBuilder();

    private ColdStartPage(ColdStart plan, List<ColdStartResult> results) {
        this.plan = plan;
        this.results = results;
    }

    public static String of(ColdStart plan, List<ColdStartResult> results) {
        return new ColdStartPage(plan, results).write();
    }

    private String write() {
        out.append(Markup.head(TITLE))
                .append("<p class=\"soft\">Played in simulation: <code>holdfast replay cold-start</code></p>\n");
        paragraph(
                "",
                "On 12 June 2025 caches that had lost what they knew asked the store for everything at once, which"
                    + " held up its recovery. Here a node whose cache answers nearly all reads dies with its cache and"
                    + " starts again, under the same load, with clients that try again.");
        out.append("<div class=\"verdict\">\n");
        results.forEach(result -> paragraph("", verdict(plan, result)));
        out.append("</div>\n");
        table();
        out.append("<h2>Requests answered, by tier, and what the providers were asked</h2>\n");
        figures();
        assumptions();
        return out.append("</body></html>\n").toString();
    }

    /** What came of one arm, in a sentence. */
    public static String verdict(ColdStart plan, ColdStartResult result) {
        String load = String.format(
                Locale.ROOT,
                "Its providers were asked at most %.1f times as much as before.",
                result.peakLoad() / result.steadyLoad());
        String what = Character.toUpperCase(result.arm().what().charAt(0))
                + result.arm().what().substring(1);
        if (result.recovered()) {
            int last = result.tiers().stream()
                    .mapToInt(tier -> tier.recoveredSeconds().orElse(0))
                    .max()
                    .orElse(0);
            return what + ": all requests were answered again after " + last + " s. " + load;
        }
        return String.format(
                Locale.ROOT,
                "%s: it did not come back; %d minutes after the trigger was gone %.1f %% of the requests were"
                        + " answered. %s",
                what,
                plan.coldSeconds() / 60,
                100 * result.answeredAtLast(),
                load);
    }

    private void paragraph(String style, String sentence) {
        out.append(Markup.paragraph(style, sentence));
    }

    private void table() {
        out.append("<section><h2>Back after</h2>\n<table class=\"stacked\">")
                .append(Markup.heading(
                        "store",
                        "tier 0",
                        "tier 1",
                        "tier 2",
                        "tier 3",
                        "most load, of that before",
                        "answered at last"))
                .append("<tbody>\n");
        for (ColdStartResult result : results) {
            out.append("<tr>").append(cell("store", "", result.arm().what()));
            for (ColdStartResult.Tier tier : result.tiers()) {
                boolean back = tier.recoveredSeconds().isPresent();
                out.append(cell(
                        "tier " + tier.tier(),
                        back ? "good" : "bad",
                        back ? tier.recoveredSeconds().getAsInt() + " s" : "never"));
            }
            out.append(cell(
                            "most load, of that before",
                            "",
                            String.format(Locale.ROOT, "%.2f", result.peakLoad() / result.steadyLoad())))
                    .append(cell(
                            "answered at last",
                            result.recovered() ? "good" : "bad",
                            String.format(Locale.ROOT, "%.2f %%", 100 * result.answeredAtLast())))
                    .append("</tr>\n");
        }
        out.append("</tbody></table>\n");
        paragraph(
                "soft",
                "Back is a tier from when at least 99 % of its requests were answered for a minute. A request counts as"
                        + " answered when one of its tries was. Load is lookups at both providers"
                        + " together, the most in ten seconds after the trigger against the most before.");
        out.append("</section>\n");
    }

    private void figures() {
        LineChart chart = new LineChart(
                out,
                plan.warmSeconds() + plan.coldSeconds(),
                new LineChart.Outage(plan.warmSeconds(), plan.warmSeconds(), List.of(plan.warmSeconds())));
        int tiers = plan.tiers().size();
        chart.key(IntStream.range(0, tiers).mapToObj(tier -> "tier " + tier).toList());
        paragraph(
                "key soft",
                "Minutes are counted from the trigger. In the lower picture the lines are the most load before the"
                        + " trigger, and twice that.");
        for (ColdStartResult result : results) {
            List<ColdStartResult.Point> points = result.points();
            out.append("<figure><figcaption>")
                    .append(escaped(result.arm().what()))
                    .append("</figcaption>\n");
            chart.shares(
                    IntStream.range(0, tiers)
                            .mapToObj(tier -> points.stream()
                                    .map(point -> point.answered().get(tier))
                                    .toList())
                            .toList(),
                    ColdStartResult.STEP,
                    "Requests answered by tier. " + verdict(plan, result));
            chart.load(
                    points.stream().map(ColdStartResult.Point::load).toList(),
                    ColdStartResult.STEP,
                    result.steadyLoad());
            out.append("</figure>\n");
        }
    }

    private void assumptions() {
        out.append("<h2>What was assumed</h2>\n<ul>\n");
        for (String each : plan.assumptions()) {
            out.append("<li>").append(escaped(each)).append("</li>\n");
        }
        out.append("</ul>\n");
    }
}

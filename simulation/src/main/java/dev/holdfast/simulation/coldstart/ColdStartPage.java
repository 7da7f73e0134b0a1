package dev.holdfast.simulation.coldstart;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import dev.holdfast.simulation.replay.Markup;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A cold start as a page that stands alone: no script, nothing fetched, and readable in print. */
public final class ColdStartPage {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 100;
    private static final int MARGIN = 5;
    private static final String TITLE = "All caches empty at once";

    /** Tiers, as lines that are told apart without colour too. */
    private static final List<String> TIERS = List.of(
            "stroke:var(--reads);stroke-width:3px",
            "stroke:var(--stale);stroke-width:2px;stroke-dasharray:8 4",
            "stroke:var(--writes);stroke-width:2px;stroke-dasharray:3 3",
            "stroke:var(--soft);stroke-width:1.5px");

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
        key();
        results.forEach(this::figures);
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

    private void key() {
        out.append("<p class=\"key soft\">");
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            out.append("<span><svg viewBox=\"0 0 30 10\""
                            + " style=\"width:1.9rem;height:.6rem;display:inline-block\"><path d=\"M0 5H30\""
                            + " style=\"")
                    .append(TIERS.get(tier))
                    .append("\"/></svg> tier ")
                    .append(tier)
                    .append("</span>");
        }
        out.append("</p>\n");
        paragraph(
                "key soft",
                "Minutes are counted from the trigger. In the lower picture the lines are the most load before the"
                        + " trigger, and twice that.");
    }

    private void figures(ColdStartResult result) {
        out.append("<figure><figcaption>").append(escaped(result.arm().what())).append("</figcaption>\n");
        begin("Requests answered by tier. " + verdict(plan, result));
        for (int percent = 0; percent <= 100; percent += 50) {
            rule(percent / 100.0);
        }
        for (int tier = plan.tiers().size() - 1; tier >= 0; tier--) {
            int of = tier;
            line(TIERS.get(tier), result, point -> point.answered().get(of));
        }
        end(List.of("100 %", "50 %", "0 %"));
        double top = Math.max(result.peakLoad(), 2 * result.steadyLoad()) * 1.05;
        begin("Lookups a second at the providers.");
        rule(0);
        rule(result.steadyLoad() / top);
        rule(2 * result.steadyLoad() / top);
        line("stroke:var(--ink);stroke-width:1.5px", result, point -> point.load() / top);
        end(List.of(String.format(Locale.ROOT, "%.0f/s", top), String.format(Locale.ROOT, "%.0f/s", top / 2), "0/s"));
        out.append("</figure>\n");
    }

    private void begin(String words) {
        out.append(String.format(
                Locale.ROOT,
                "<div class=\"chart\"><div class=\"plot\"><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\""
                        + " role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                HEIGHT,
                escaped(words)));
        double at = WIDTH * share(plan.warmSeconds());
        out.append(String.format(Locale.ROOT, "<path d=\"M%1$.1f 0V%2$d\" stroke=\"var(--bad)\"/>%n", at, HEIGHT));
    }

    private void end(List<String> scale) {
        out.append("</svg>");
        for (int i = 0; i < scale.size(); i++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span style=\"top:%.1f%%\">%s</span>",
                    y(1 - i / (scale.size() - 1.0)),
                    escaped(scale.get(i))));
        }
        out.append("</div>\n<div class=\"minutes\">");
        for (int minute = -plan.warmSeconds() / 60; minute <= plan.coldSeconds() / 60; minute += 10) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span style=\"left:%.2f%%\">%s</span>",
                    100 * share(plan.warmSeconds() + minute * 60.0),
                    Integer.toString(minute).replace('-', '−')));
        }
        out.append("</div></div>\n");
    }

    private void rule(double share) {
        out.append(
                String.format(Locale.ROOT, "<path d=\"M0 %1$.1fH%2$d\" stroke=\"var(--line)\"/>%n", y(share), WIDTH));
    }

    private void line(String style, ColdStartResult result, ToDoubleFunction<ColdStartResult.Point> value) {
        StringBuilder path = new StringBuilder();
        for (ColdStartResult.Point point : result.points()) {
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    path.isEmpty() ? "M" : "L",
                    WIDTH * share(point.second() + ColdStartResult.STEP / 2.0),
                    y(value.applyAsDouble(point))));
        }
        out.append(String.format(Locale.ROOT, "<path style=\"%s\" d=\"%s\"/>%n", style, path));
    }

    private double share(double second) {
        return second / (plan.warmSeconds() + plan.coldSeconds());
    }

    private static double y(double share) {
        return MARGIN + (1 - share) * (HEIGHT - 2 * MARGIN);
    }

    private void assumptions() {
        out.append("<h2>What was assumed</h2>\n<ul>\n");
        for (String each : plan.assumptions()) {
            out.append("<li>").append(escaped(each)).append("</li>\n");
        }
        out.append("</ul>\n");
    }
}

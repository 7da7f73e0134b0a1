package dev.holdfast.simulation.replay;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A replay as a page that stands alone: no script, nothing fetched, and readable in print. */
public final class Page {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 120;
    private static final int LEFT = 44;

    private static final String STYLE = """
        :root { --ink: #1c2430; --soft: #5b6675; --line: #d8dee6; --ground: #ffffff; --reads: #1f6feb; --writes: #b35900;
          --stale: #8250df; --out: #fdecea; --good: #1a7f37; --bad: #b42318; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --soft: #9aa7b6; --line: #38434f; --ground: #14191f;
          --reads: #6cb0ff; --writes: #f0a35e; --stale: #c3a6ff; --out: #3a2324; --good: #56d364; --bad: #ff8a80; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2.5rem auto;
          max-width: 56rem; padding: 0 1.25rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
        p { margin: .4rem 0; } .soft, figcaption, li { color: var(--soft); } .verdict { font-size: 1.1rem; border-left: 4px solid
          var(--line); padding: .2rem 0 .2rem 1rem; margin: 1.2rem 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { text-align: right; padding:
          .4rem .6rem; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; padding-left: 0; }
        th { color: var(--soft); font-weight: 600; font-size: .85rem; } .good { color: var(--good); } .bad { color: var(--bad);
          font-weight: 600; } figure { margin: 1rem 0 1.6rem; } svg { width: 100%; height: auto; display: block; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--soft); } .key span { display: inline-block; margin-right: 1.2rem; }
        .key i { display: inline-block; width: 1rem; height: 3px; vertical-align: middle; margin-right: .35rem; }
        @media print { body { margin: 0; max-width: none; font-size: 11pt; } figure, table, section { break-inside: avoid; } }
        """;

    private final Replays.Outcome outcome;
    private final Scenario scenario;
    private final StringBuilder out = new StringBuilder();

    private Page(Replays.Outcome outcome) {
        this.outcome = outcome;
        this.scenario = outcome.scenario();
    }

    public static String of(Replays.Outcome outcome) {
        return new Page(outcome).write();
    }

    private String write() {
        out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width, initial-scale=1\">\n<title>");
        out.append(escaped(scenario.title()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n");
        out.append("<h1>").append(escaped(scenario.title())).append("</h1>\n");
        out.append("<p class=\"soft\">Played again in simulation: <code>holdfast replay ")
                .append(scenario.name())
                .append("</code></p>\n");
        scenario.happened().forEach(this::paragraph);
        out.append("<p class=\"verdict\">").append(escaped(Verdict.of(outcome))).append("</p>\n");
        table();
        out.append("<h2>Minute by minute</h2>\n");
        key();
        outcome.arms().forEach(this::figure);
        sensitivity("single", "What the time to live of the cache changes, with one provider", "time to live");
        sensitivity(
                "first-ack",
                "What the time between rounds of repair changes, acknowledged on the first",
                "between rounds");
        out.append("<h2>What was assumed</h2>\n<ul>\n");
        scenario.assumptions()
                .forEach(each -> out.append("<li>").append(escaped(each)).append("</li>\n"));
        out.append("</ul>\n</body></html>\n");
        return out.toString();
    }

    private void paragraph(String sentence) {
        out.append("<p>").append(escaped(sentence)).append("</p>\n");
    }

    private void table() {
        out.append("<h2>During the outage</h2>\n"
                + "<table><thead><tr><th>store</th><th>requests</th><th>failed</th><th>reads failed</th><th>writes"
                + " failed</th><th>reads stale</th><th>acknowledged writes lost</th></tr></thead><tbody>\n");
        for (ArmResult arm : outcome.arms()) {
            ArmResult.Shares during = arm.during();
            out.append("<tr><td>")
                    .append(escaped(arm.what()))
                    .append("</td><td>")
                    .append(String.format(Locale.ROOT, "%,d", during.requests()))
                    .append("</td>");
            share(during.failed());
            share(during.failedReads());
            share(during.failedWrites());
            share(during.stale());
            out.append("<td class=\"")
                    .append(arm.lost() == 0 ? "good" : "bad")
                    .append("\">")
                    .append(arm.lost())
                    .append("</td></tr>\n");
        }
        out.append("</tbody></table>\n");
    }

    private void share(double share) {
        out.append("<td class=\"")
                .append(share == 0 ? "good" : "bad")
                .append("\">")
                .append(Verdict.percent(share))
                .append("</td>");
    }

    private void key() {
        out.append("<p class=\"key soft\"><span><i style=\"background:var(--reads)\"></i>reads answered</span><span><i"
                + " style=\"background:var(--writes)\"></i>writes acknowledged</span><span><i"
                + " style=\"background:var(--stale)\"></i>reads stale</span>The ground is red while the outage"
                + " lasts.</p>\n");
    }

    private void figure(ArmResult arm) {
        out.append("<figure><figcaption>").append(escaped(arm.what())).append("</figcaption>\n");
        int minutes = arm.minutes().size();
        out.append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT + 42)
                .append("\" role=\"img\" aria-label=\"")
                .append(escaped(arm.what() + ": reads and writes served over time"))
                .append("\">\n");
        double begin = x(scenario.beginNanos() / (double) Meter.BUCKET_NANOS, minutes);
        double end = x(scenario.endNanos() / (double) Meter.BUCKET_NANOS, minutes);
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\" fill=\"var(--out)\"/>%n",
                begin,
                end - begin,
                HEIGHT));
        for (int percent : new int[] {0, 50, 100}) {
            double y = y(percent / 100.0);
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--line)\"/><text x=\"0\""
                            + " y=\"%.1f\">%d %%</text>%n",
                    LEFT,
                    WIDTH,
                    y,
                    y,
                    y + 4,
                    percent));
        }
        line(arm.minutes(), ArmResult.Minute::reads, "var(--reads)");
        line(arm.minutes(), ArmResult.Minute::writes, "var(--writes)");
        line(arm.minutes(), ArmResult.Minute::stale, "var(--stale)");
        for (int minute = 0; minute <= minutes; minute += 30) {
            out.append(String.format(
                    Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%d min</text>%n", x(minute, minutes), HEIGHT + 22, minute));
        }
        out.append("</svg>\n<p class=\"soft\">").append(escaped(loads(arm))).append("</p></figure>\n");
    }

    /** What the providers bore, in words: a stampede shows as a peak far above the usual. */
    private static String loads(ArmResult arm) {
        StringBuilder words = new StringBuilder("Calls a minute, median and peak:");
        for (Map.Entry<String, List<Long>> entry : arm.load().entrySet()) {
            List<Long> sorted = entry.getValue().stream().sorted().toList();
            long peak = sorted.isEmpty() ? 0 : sorted.getLast();
            if (peak == 0) {
                continue;
            }
            long median = sorted.get(sorted.size() / 2);
            words.append(String.format(Locale.ROOT, " provider %s %,d and %,d;", entry.getKey(), median, peak));
        }
        words.setCharAt(words.length() - 1, '.');
        return words.toString();
    }

    private void line(List<ArmResult.Minute> minutes, ToDoubleFunction<ArmResult.Minute> share, String colour) {
        out.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" stroke-width=\"2\" points=\"");
        for (ArmResult.Minute minute : minutes) {
            out.append(String.format(
                    Locale.ROOT, "%.1f,%.1f ", x(minute.at() + 0.5, minutes.size()), y(share.applyAsDouble(minute))));
        }
        out.append("\"/>\n");
    }

    private static double x(double minute, int minutes) {
        return LEFT + minute / minutes * (WIDTH - LEFT);
    }

    private static double y(double share) {
        return 2 + (1 - share) * (HEIGHT - 4);
    }

    private void sensitivity(String arm, String title, String column) {
        out.append("<section><h2>")
                .append(escaped(title))
                .append("</h2>\n<table><thead><tr><th>")
                .append(column)
                .append("</th><th>requests failed</th><th></th><th>acknowledged writes"
                        + " lost</th></tr></thead><tbody>\n");
        outcome.sensitivity().stream()
                .filter(each -> each.arm().equals(arm))
                .forEach(each -> out.append(String.format(
                        Locale.ROOT,
                        "<tr><td>%s</td><td>%s</td><td style=\"width:45%%\"><svg viewBox=\"0 0 300 10\""
                                + " aria-hidden=\"true\"><rect width=\"300\" height=\"10\" fill=\"var(--line)\"/><rect"
                                + " width=\"%.1f\" height=\"10\" fill=\"var(--bad)\"/></svg></td><td>%d</td></tr>%n",
                        duration(each.seconds()),
                        Verdict.percent(each.failed()),
                        300 * each.failed(),
                        each.lost())));
        out.append("</tbody></table></section>\n");
    }

    private static String duration(long seconds) {
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}

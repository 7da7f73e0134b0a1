package dev.holdfast.simulation.replay;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import java.util.Locale;

/** A replay as a page that stands alone: no script, nothing fetched, and readable in print. */
public final class Page {
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
        out.append(Markup.head(scenario.title()));
        out.append("<p class=\"soft\">Played again in simulation: <code>holdfast replay ")
                .append(scenario.name())
                .append("</code></p>\n");
        scenario.happened().forEach(sentence -> paragraph("", sentence));
        out.append("<div class=\"verdict\">\n");
        Verdict.of(outcome).forEach(sentence -> paragraph("", sentence));
        out.append("</div>\n");
        scenario.remarks().forEach(sentence -> paragraph("soft", sentence));
        table();
        out.append("<h2>Minute by minute</h2>\n");
        key();
        outcome.arms().forEach(arm -> out.append(Chart.of(scenario, arm)));
        out.append(LoadTable.of(outcome));
        dependence("single", "What the time to live of the cache changes, with one provider", "time to live");
        dependence(
                "first-ack",
                "What the time between rounds of repair changes, acknowledged on the first",
                "between rounds");
        out.append("<h2>What was assumed</h2>\n<ul>\n");
        scenario.assumptions()
                .forEach(each -> out.append("<li>").append(escaped(each)).append("</li>\n"));
        out.append("</ul>\n</body></html>\n");
        return out.toString();
    }

    private void paragraph(String style, String sentence) {
        out.append(Markup.paragraph(style, sentence));
    }

    private void table() {
        out.append("<section><h2>")
                .append(scenario.counted())
                .append("</h2>\n<table class=\"stacked\">")
                .append(Markup.heading(
                        "store",
                        "requests",
                        "failed",
                        "reads failed",
                        "writes failed",
                        "answers stale, by the cache",
                        "answers stale, by the store",
                        "acknowledged writes lost"))
                .append("<tbody>\n");
        for (ArmResult arm : outcome.arms()) {
            ArmResult.Shares during = arm.during();
            boolean unknown = during.hardlyAnswered();
            out.append("<tr>")
                    .append(cell("store", "", arm.what()))
                    .append(cell("requests", "", String.format(Locale.ROOT, "%,d", during.requests())))
                    .append(share("failed", during.failed()))
                    .append(share("reads failed", during.failedReads()))
                    .append(share("writes failed", during.failedWrites()))
                    .append(unknown ? none("stale, by the cache") : share("stale, by the cache", during.overtaken()))
                    .append(unknown ? none("stale, by the store") : share("stale, by the store", during.old()))
                    .append(cell(
                            "acknowledged writes lost",
                            arm.lost() == 0 ? "good" : "bad",
                            String.format(Locale.ROOT, "%,d of %,d", arm.lost(), arm.acknowledged())))
                    .append("</tr>\n");
        }
        out.append("</tbody></table>\n");
        paragraph(
                "soft",
                "Stale is an answer that is older than a write acknowledged before the read began: by the cache when"
                    + " it was the newest value when the cache fetched it, by the store when it was older, or none,"
                    + " already then. A dash: next to nothing was answered. Lost is counted at the end, of all writes"
                    + " acknowledged since the load began.");
        out.append("</section>\n");
    }

    private static String share(String column, double share) {
        return cell(column, share == 0 ? "good" : "bad", Verdict.percent(share));
    }

    private static String none(String column) {
        return cell(column, "none", Verdict.DASH);
    }

    private void key() {
        out.append(
                "<p class=\"key soft\"><span><i class=\"reads\"></i>reads answered</span><span><i class=\"writes\"></i>"
                        + "writes acknowledged</span><span><i class=\"stale\"></i>answers stale</span></p>\n");
        paragraph(
                "key soft",
                "Minutes are counted from the beginning of the outage; the ground is red while it lasts. Three hot"
                        + " keys take 40 % of the reads, so that one write to one of them shows as a bump of stale"
                        + " answers.");
    }

    private void dependence(String arm, String title, String column) {
        var tried = outcome.sensitivity().stream()
                .filter(each -> each.arm().equals(arm))
                .toList();
        if (!tried.isEmpty()) {
            out.append(Dependence.of(tried, title, column));
        }
    }
}

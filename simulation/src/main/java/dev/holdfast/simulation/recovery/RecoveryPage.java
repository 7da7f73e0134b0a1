package dev.holdfast.simulation.recovery;

import static dev.holdfast.simulation.replay.Markup.cell;
import static dev.holdfast.simulation.replay.Markup.escaped;

import dev.holdfast.simulation.replay.LineChart;
import dev.holdfast.simulation.replay.Markup;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A recovery as a page that stands alone: no script, nothing fetched, and readable in print. */
public final class RecoveryPage {
    private final Recovery recovery;
    private final List<Played> played;
    private final StringBuilder out = new StringBuilder();

    private RecoveryPage(Recovery recovery, List<Played> played) {
        this.recovery = recovery;
        this.played = played;
    }

    /** @param played on each arm, in their order */
    public static String of(Recovery recovery, List<Played> played) {
        return new RecoveryPage(recovery, played).write();
    }

    private String write() {
        out.append(Markup.head(recovery.title()))
                .append("<p class=\"soft\">Played again in simulation: <code>holdfast replay ")
                .append(recovery.name())
                .append("</code></p>\n");
        recovery.happened().forEach(sentence -> paragraph("", sentence));
        out.append("<div class=\"verdict\">\n");
        played.forEach(arm -> paragraph("", verdict(arm)));
        out.append("</div>\n<h2>What a store does not prevent</h2>\n");
        recovery.limits().forEach(sentence -> paragraph("", sentence));
        checks();
        facts();
        figures();
        out.append("<h2>What was assumed</h2>\n<ul>\n");
        recovery.assumptions()
                .forEach(each -> out.append("<li>").append(escaped(each)).append("</li>\n"));
        return out.append("</ul>\n</body></html>\n").toString();
    }

    /** What came of one arm, in a sentence. */
    public static String verdict(Played arm) {
        String what = Character.toUpperCase(arm.what().charAt(0)) + arm.what().substring(1);
        List<String> broken = arm.findings().stream()
                .filter(finding -> !finding.kept())
                .map(Finding::check)
                .toList();
        int kept = arm.findings().size() - broken.size();
        return what + ": "
                + (broken.isEmpty()
                        ? "all " + kept
                        : kept + " of " + arm.findings().size())
                + " checks are kept"
                + (broken.isEmpty() ? "." : "; broken: " + String.join("; ", broken) + ".");
    }

    private void paragraph(String style, String sentence) {
        out.append(Markup.paragraph(style, sentence));
    }

    /** The names of all checks, in their order; some are not made on every arm. */
    private List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        played.getLast().findings().forEach(finding -> names.add(finding.check()));
        played.forEach(arm -> arm.findings().forEach(finding -> names.add(finding.check())));
        return List.copyOf(names);
    }

    private void checks() {
        String[] heading = new String[played.size() + 1];
        heading[0] = "check";
        for (int i = 0; i < played.size(); i++) {
            heading[i + 1] = played.get(i).arm();
        }
        out.append("<section><h2>Verdicts</h2>\n<table class=\"stacked\">")
                .append(Markup.heading(heading))
                .append("<tbody>\n");
        for (String name : names()) {
            out.append("<tr>").append(cell("check", "", name));
            for (Played arm : played) {
                Optional<Finding> found = arm.findings().stream()
                        .filter(finding -> finding.check().equals(name))
                        .findFirst();
                out.append(cell(
                        arm.arm(),
                        found.map(finding -> finding.kept() ? "good" : "bad").orElse("none"),
                        found.map(finding -> finding.kept() ? "kept" : "broken").orElse("–")));
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n</section>\n");
    }

    private void facts() {
        List<Played.Fact> first = played.getFirst().facts();
        String[] heading = new String[first.size() + 1];
        heading[0] = "store";
        for (int i = 0; i < first.size(); i++) {
            heading[i + 1] = first.get(i).name();
        }
        out.append("<section><h2>Figures</h2>\n<table class=\"stacked\">")
                .append(Markup.heading(heading))
                .append("<tbody>\n");
        for (Played arm : played) {
            out.append("<tr>").append(cell("store", "", arm.arm()));
            arm.facts().forEach(fact -> out.append(cell(fact.name(), "", fact.figure())));
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n");
        paragraph(
                "soft",
                "Back is what has been at 99 % or more for a minute, from the beginning of that minute, counted from"
                        + " when the trigger was gone. Load is lookups at both providers, the most in ten seconds.");
        out.append("</section>\n");
    }

    private void figures() {
        LineChart chart = new LineChart(
                out,
                recovery.seconds(),
                new LineChart.Outage(
                        recovery.begin(),
                        recovery.gone(),
                        recovery.marks().stream().map(Recovery.Mark::second).toList()));
        out.append("<h2>Minute by minute</h2>\n");
        chart.key(played.getFirst().lines().stream().map(Played.Line::name).toList());
        StringBuilder marks = new StringBuilder();
        for (Recovery.Mark mark : recovery.marks()) {
            marks.append(marks.isEmpty() ? "" : "; ")
                    .append((mark.second() - recovery.begin()) / 60)
                    .append(": ")
                    .append(mark.what());
        }
        paragraph(
                "key soft",
                "Minutes are counted from the trigger; the ground is red while it lasts. " + marks
                        + ". In the lower picture the lines are the most load before the trigger, and twice that.");
        for (Played arm : played) {
            out.append("<figure><figcaption>")
                    .append(escaped(arm.arm() + ": " + arm.what()))
                    .append("</figcaption>\n");
            chart.shares(arm.lines().stream().map(Played.Line::shares).toList(), arm.step(), verdict(arm));
            if (arm.load().stream().anyMatch(load -> load > 0)) {
                chart.load(arm.load(), arm.step(), arm.steadyLoad());
            }
            out.append("<ul>\n");
            for (Finding finding : arm.findings()) {
                out.append("<li><span class=\"")
                        .append(finding.kept() ? "good\">kept" : "bad\">broken")
                        .append("</span>: ")
                        .append(escaped(finding.check() + ". " + finding.words()))
                        .append("</li>\n");
            }
            out.append("</ul></figure>\n");
        }
    }
}

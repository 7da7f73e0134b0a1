package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.joint.JointIncident;
import dev.holdfast.engine.incident.joint.NodeEntry;
import dev.holdfast.engine.incident.joint.Sighting;
import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.Block.Remark;
import java.util.ArrayList;
import java.util.List;

/** The draft of a post-mortem of what several nodes noticed: who saw what, who was hurt and who was not, and one timeline. */
public final class JointReport {
    private static final int MOST_NAMED = 6;

    private final JointFile file;
    private final JointIncident joint;
    private final Moments moments;

    private JointReport(JointFile file) {
        this.file = file;
        this.joint = new JointIncident(file.files().stream()
                .map(each -> new Sighting(each.node(), each.incident()))
                .toList());
        this.moments = new Moments(joint.openedAt());
    }

    public static String markdown(JointFile file) {
        return MarkdownPage.of(blocks(file));
    }

    /** A page that stands alone: no script, nothing fetched, light and dark, and readable in print. */
    public static String html(JointFile file) {
        return HtmlPage.of(blocks(file));
    }

    static List<Block> blocks(JointFile file) {
        JointReport report = new JointReport(file);
        List<Block> blocks = new ArrayList<>();
        report.head(blocks);
        report.nodes(blocks);
        report.impact(blocks);
        blocks.addAll(JointCause.of(file));
        blocks.add(new Heading(2, "The timeline of all nodes"));
        blocks.add(report.timeline());
        return blocks;
    }

    private void head(List<Block> blocks) {
        blocks.add(new Heading(1, "Incident at " + Say.count(file.nodes().size(), "node") + ": " + joint.title()));
        blocks.add(new Remark("The draft of a post-mortem, written by Holdfast " + file.version() + " at "
                + Moments.stamp(file.madeAt()) + " UTC from what each node recorded. All times are UTC, each by the"
                + " clock of its node. What is inferred is called so. The report of each node has its figures."));
        blocks.add(new Heading(2, "Summary"));
        blocks.add(new Paragraph(noticed()));
        blocks.add(new Paragraph(hurt()));
        blocks.add(new Paragraph(
                joint.open()
                        ? "It is not over. This report says what was known at " + moments.at(file.madeAt()) + " UTC."
                        : "It is over: it was closed at the last of them at " + moments.at(joint.closedAt())
                                + " UTC."));
    }

    private String noticed() {
        List<String> nodes = file.nodes();
        String calm = file.calm().isEmpty()
                ? ""
                : " Nothing of it was noticed at "
                        + Say.list(
                                file.calm().stream().map(JointFile.Calm::node).toList(), MOST_NAMED) + ".";
        String unreached = file.unreached().isEmpty()
                ? ""
                : " Not asked, since not reached: "
                        + Say.list(
                                file.unreached().stream()
                                        .map(JointFile.Unreached::node)
                                        .toList(),
                                MOST_NAMED)
                        + ".";
        return "On " + Moments.day(joint.openedAt()) + " at " + Moments.clock(joint.openedAt()) + " UTC "
                + nodes.getFirst() + " noticed that something was wrong"
                + (nodes.size() == 1
                        ? ". "
                        : ", and so did " + Say.list(nodes.subList(1, nodes.size()), MOST_NAMED) + ". ")
                + Say.sentence(joint.title()) + calm + unreached;
    }

    private String hurt() {
        List<String> hurt = new ArrayList<>();
        List<String> spared = new ArrayList<>();
        for (String node : file.nodes()) {
            boolean any = at(node).stream().anyMatch(each -> new Facts(each).anyHurt());
            (any ? hurt : spared).add(node);
        }
        file.calm().forEach(each -> spared.add(each.node()));
        Severity worst = joint.worst();
        return (hurt.isEmpty()
                        ? "Nobody was hurt at any of them."
                        : "Requests were hurt at " + Say.list(hurt, MOST_NAMED)
                                + (spared.isEmpty() ? "." : ", and not at " + Say.list(spared, MOST_NAMED) + "."))
                + " At its worst it was " + worst + ": " + Summary.meaning(worst) + ".";
    }

    private List<CaseFile> at(String node) {
        return file.files().stream().filter(each -> each.node().equals(node)).toList();
    }

    private void nodes(List<Block> blocks) {
        List<List<String>> rows = new ArrayList<>();
        for (CaseFile each : file.files()) {
            Incident incident = each.incident();
            Facts facts = new Facts(each);
            Facts.Totals totals = facts.totals(-1);
            rows.add(List.of(
                    each.node(),
                    incident.id(),
                    Moments.stamp(incident.openedAt()),
                    incident.open() ? "open" : Moments.stamp(incident.closedAt()),
                    incident.worst().name(),
                    Say.number(totals.requests()),
                    facts.anyHurt() ? Harm.figure(totals.refused(), totals.requests()) : "nobody hurt",
                    Harm.figure(totals.stale(), totals.requests()),
                    Harm.figure(totals.slow(), totals.requests())));
        }
        file.calm().forEach(each -> rows.add(List.of(each.node(), "none", "", "", "", "", "not noticed", "", "")));
        file.unreached()
                .forEach(each ->
                        rows.add(List.of(each.node(), "not reached: " + each.why(), "", "", "", "", "", "", "")));
        blocks.add(new Heading(2, "Nodes"));
        blocks.add(new Grid(
                List.of(
                        Column.text("Node"),
                        Column.text("Incident"),
                        Column.text("Noticed"),
                        Column.text("Closed"),
                        Column.text("Worst"),
                        Column.number("Requests"),
                        Column.number("Refused"),
                        Column.number("Stale"),
                        Column.number("Slow")),
                rows));
    }

    private void impact(List<Block> blocks) {
        blocks.add(new Heading(2, "Impact"));
        List<List<String>> rows = new ArrayList<>();
        for (CaseFile each : file.files()) {
            for (List<String> row : Harm.rows(each)) {
                List<String> named = new ArrayList<>(List.of(each.node()));
                named.addAll(row);
                rows.add(named);
            }
        }
        if (rows.isEmpty()) {
            blocks.add(new Paragraph("No namespace was hurt at any of the nodes that were asked."));
            return;
        }
        List<Column> columns = new ArrayList<>(List.of(Column.text("Node")));
        columns.addAll(Harm.COLUMNS);
        blocks.add(new Grid(columns, rows));
        blocks.add(new Remark(Harm.WORDS));
    }

    private Grid timeline() {
        List<List<String>> rows = new ArrayList<>();
        for (NodeEntry each : file.timeline()) {
            rows.add(List.of(
                    Moments.stamp(each.entry().at()),
                    each.node(),
                    each.entry().kind().label(),
                    each.entry().who(),
                    each.entry().what()));
        }
        return new Grid(
                List.of(
                        Column.text("UTC"),
                        Column.text("Node"),
                        Column.text("Kind"),
                        Column.text("Who"),
                        Column.text("What")),
                rows);
    }
}

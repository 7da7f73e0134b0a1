package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Remark;
import java.util.ArrayList;
import java.util.List;

/**
 * The draft of a post-mortem, made from what was recorded and nothing else: it says what is evidence and what is inferred, and asks what
 * the evidence does not tell. Texts that came from outside (titles, evidence, notes) cannot act in it, in either form.
 */
public final class Report {
    private Report() {}

    public static String markdown(CaseFile file) {
        return MarkdownPage.of(blocks(file));
    }

    /** A page that stands alone: no script, nothing fetched, light and dark, and readable in print. */
    public static String html(CaseFile file) {
        return HtmlPage.of(blocks(file));
    }

    static List<Block> blocks(CaseFile file) {
        Facts facts = new Facts(file);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(
                1, "Incident " + file.incident().id() + ": " + file.incident().title()));
        blocks.add(new Remark("The draft of a post-mortem, written by Holdfast " + file.version() + " at "
                + Moments.stamp(file.madeAt()) + " UTC from what the node " + file.node()
                + " recorded. All times are UTC. What is inferred is called so; what nobody recorded"
                + " is asked at the end."));
        blocks.addAll(Summary.of(facts));
        blocks.addAll(Course.of(facts));
        blocks.addAll(Harm.of(facts));
        blocks.addAll(Cause.of(facts));
        blocks.addAll(Deeds.of(facts));
        blocks.addAll(Plots.of(facts));
        blocks.addAll(Lessons.of(facts));
        blocks.addAll(Questions.of(facts));
        blocks.add(new Heading(2, "The whole timeline"));
        blocks.add(timeline(file));
        return blocks;
    }

    private static Grid timeline(CaseFile file) {
        List<List<String>> rows = new ArrayList<>();
        for (TimelineEntry entry : file.timeline()) {
            rows.add(List.of(Moments.stamp(entry.at()), entry.kind().label(), entry.who(), entry.what()));
        }
        return new Grid(
                List.of(Column.text("UTC"), Column.text("Kind"), Column.text("Who"), Column.text("What")), rows);
    }
}

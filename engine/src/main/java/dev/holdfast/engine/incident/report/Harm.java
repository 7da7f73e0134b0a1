package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.Block.Remark;
import java.util.ArrayList;
import java.util.List;

/** Who was hurt: namespaces, tiers, and who depends on them. */
final class Harm {
    private static final int MOST_NAMED = 10;
    static final String WORDS =
            "Refused: not answered, or not known to be done. Stale: answered with the last known good, or with what"
                + " nobody could vouch for. Slow: answered later than promised. Tier 0 is what others need to start,"
                + " tier 3 is bulk.";

    /** Of the impact on a namespace. */
    static final List<Column> COLUMNS = List.of(
            Column.text("Namespace"),
            Column.number("Tier"),
            Column.number("Requests"),
            Column.number("Refused"),
            Column.number("Stale"),
            Column.number("Slow"),
            Column.number("Refused of the worst 5 s"));

    private final Facts facts;
    private final CaseFile file;

    private Harm(Facts facts) {
        this.facts = facts;
        this.file = facts.file();
    }

    static List<Block> of(Facts facts) {
        Harm harm = new Harm(facts);
        List<Block> blocks = new ArrayList<>(List.of(new Heading(2, "Impact")));
        if (facts.anyHurt()) {
            harm.namespaces(blocks);
            harm.tiers(blocks);
            blocks.add(new Remark(WORDS));
        } else {
            blocks.add(new Paragraph("No namespace was hurt."));
        }
        harm.dependents(blocks);
        return blocks;
    }

    /** A row of the impact on each namespace, for {@link #COLUMNS}. */
    static List<List<String>> rows(CaseFile file) {
        List<List<String>> rows = new ArrayList<>();
        for (Impact impact : file.incident().impact()) {
            CaseFile.Affected affected = file.namespaces().get(impact.namespace());
            rows.add(List.of(
                    affected == null ? impact.namespace() + " (deleted since)" : affected.title(),
                    Integer.toString(impact.tier()),
                    Say.number(impact.requests()),
                    figure(impact.refused(), impact.requests()),
                    figure(impact.stale(), impact.requests()),
                    figure(impact.slow(), impact.requests()),
                    Say.percent(impact.worstShare())));
        }
        return rows;
    }

    private void namespaces(List<Block> blocks) {
        blocks.add(new Heading(3, "By namespace"));
        blocks.add(new Grid(COLUMNS, rows(file)));
        blocks.add(new Remark("Requests are those of the moments, of a quarter of a second each, in which one of the"
                + " namespace was hurt; the others do not count here."));
    }

    private void tiers(List<Block> blocks) {
        List<List<String>> rows = new ArrayList<>();
        for (int tier : facts.tiers()) {
            Facts.Totals totals = facts.totals(tier);
            if (totals.requests() > 0) {
                rows.add(List.of(
                        Integer.toString(tier),
                        Say.number(totals.requests()),
                        figure(totals.refused(), totals.requests()),
                        figure(totals.stale(), totals.requests()),
                        figure(totals.slow(), totals.requests())));
            }
        }
        if (!rows.isEmpty()) {
            blocks.add(new Heading(3, "By tier, all requests from the first evidence until calm"));
            blocks.add(new Grid(
                    List.of(
                            Column.number("Tier"),
                            Column.number("Requests"),
                            Column.number("Refused"),
                            Column.number("Stale"),
                            Column.number("Slow")),
                    rows));
        }
    }

    static String figure(long part, long all) {
        return part == 0 ? "0" : Say.number(part) + " (" + Say.share(part, all) + ")";
    }

    private void dependents(List<Block> blocks) {
        blocks.add(new Heading(3, "Dependents"));
        List<String> needed = new ArrayList<>();
        for (Impact impact : file.incident().impact()) {
            CaseFile.Affected affected = file.namespaces().get(impact.namespace());
            if (affected != null && !affected.neededBy().isEmpty()) {
                needed.add(need(affected));
            }
        }
        String declared = "No dependents are declared: Holdfast keeps no ledger yet of the services that rely on these"
                + " namespaces, so who else felt this is for their owners to say.";
        blocks.add(new Paragraph(
                needed.isEmpty()
                        ? declared
                        : declared + " Of the namespaces, by their settings, " + Say.list(needed, MOST_NAMED) + "."));
    }

    private static String need(CaseFile.Affected affected) {
        List<String> titles =
                affected.neededBy().stream().map(title -> "\"" + title + "\"").toList();
        return Say.list(titles, MOST_NAMED) + (titles.size() == 1 ? " needs \"" : " need \"") + affected.title() + "\"";
    }
}

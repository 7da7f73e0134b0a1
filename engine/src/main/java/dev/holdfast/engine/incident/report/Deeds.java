package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.TimelineEntry.Kind;
import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the system did and what operators did, with what was said again and again folded into one line. */
final class Deeds {
    private static final int MOST_LINES = 40;

    private final Facts facts;
    private final Moments moments;

    private Deeds(Facts facts) {
        this.facts = facts;
        this.moments = new Moments(facts.detectedAt());
    }

    static List<Block> of(Facts facts) {
        Deeds deeds = new Deeds(facts);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(2, "What was done"));
        blocks.add(new Heading(3, "By the system"));
        deeds.add(blocks, Kind.ACT, "The timeline has nothing that the system did.");
        blocks.add(new Heading(3, "By operators"));
        deeds.add(blocks, Kind.OPERATOR, "The timeline has nothing that an operator did or noted.");
        return blocks;
    }

    /** Lines that are the same but for their figures. */
    private static final class Fold {
        private final TimelineEntry first;
        private TimelineEntry last;
        private int times = 1;

        private Fold(TimelineEntry entry) {
            first = entry;
            last = entry;
        }
    }

    private void add(List<Block> blocks, Kind kind, String nothing) {
        Map<String, Fold> folds = new LinkedHashMap<>();
        for (TimelineEntry entry : facts.file().timeline()) {
            if (entry.kind() == kind) {
                Fold known =
                        folds.putIfAbsent(entry.who() + " " + entry.what().replaceAll("\\d+", "0"), new Fold(entry));
                if (known != null) {
                    known.last = entry;
                    known.times++;
                }
            }
        }
        if (folds.isEmpty()) {
            blocks.add(new Paragraph(nothing));
            return;
        }
        boolean people = kind == Kind.OPERATOR;
        List<Column> columns = new ArrayList<>(List.of(Column.text("UTC")));
        if (people) {
            columns.add(Column.text("Who"));
        }
        columns.add(Column.text("What"));
        blocks.add(new Grid(
                columns,
                folds.values().stream()
                        .limit(MOST_LINES)
                        .map(fold -> row(fold, people))
                        .toList()));
        int more = folds.size() - MOST_LINES;
        if (more > 0) {
            blocks.add(new Paragraph(Say.sentence(Say.count(more, "more line") + (more == 1 ? " is" : " are")
                    + " in the whole timeline at the end of this report")));
        }
    }

    private List<String> row(Fold fold, boolean people) {
        String again = fold.times == 1
                ? ""
                : " (and " + (fold.times == 2 ? "once" : fold.times - 1 + " times") + " more like it, until "
                        + moments.at(fold.last.at()) + ")";
        String what = (Facts.note(fold.first) ? "Noted: " : "") + fold.first.what() + again;
        return people
                ? List.of(moments.at(fold.first.at()), fold.first.who(), what)
                : List.of(moments.at(fold.first.at()), what);
    }
}

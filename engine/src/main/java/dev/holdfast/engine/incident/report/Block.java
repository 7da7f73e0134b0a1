package dev.holdfast.engine.incident.report;

import java.util.List;

/** A piece of a report. Its texts are plain, and whoever writes them down sees to it that they stay so. */
sealed interface Block {
    /** @param level 1 for the whole report, 2 for its parts, 3 for theirs */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    /** Something that is said beside the rest: how to read what comes. */
    record Remark(String text) implements Block {}

    record Items(List<String> texts) implements Block {}

    record Grid(List<Column> columns, List<List<String>> rows) implements Block {}

    record Drawing(Figure figure) implements Block {}

    /** @param figures whether it holds those, to be aligned */
    record Column(String name, boolean figures) {
        static Column text(String name) {
            return new Column(name, false);
        }

        static Column number(String name) {
            return new Column(name, true);
        }
    }
}

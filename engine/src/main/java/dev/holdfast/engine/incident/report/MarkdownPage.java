package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Drawing;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.Block.Remark;
import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown with tables, as GitHub and many others show it. Drawings are rows of block characters. */
final class MarkdownPage {
    /** What means something wherever it stands. */
    private static final String SPECIAL = "\\`*_[]<>|~&#!$@";

    private MarkdownPage() {}

    static String of(List<Block> blocks) {
        return blocks.stream().map(MarkdownPage::written).collect(Collectors.joining("\n"));
    }

    private static String written(Block block) {
        return switch (block) {
            case Heading heading -> "#".repeat(heading.level()) + " " + escaped(heading.text()) + "\n";
            case Paragraph paragraph -> escaped(paragraph.text()) + "\n";
            case Remark remark -> "*" + escaped(remark.text()) + "*\n";
            case Items items ->
                items.texts().stream().map(text -> "- " + escaped(text) + "\n").collect(Collectors.joining());
            case Grid grid -> grid(grid);
            case Drawing drawing -> "```\n" + TextFigure.of(drawing.figure()) + "```\n";
        };
    }

    private static String grid(Grid grid) {
        StringBuilder out = new StringBuilder();
        row(out, grid.columns().stream().map(Column::name).toList());
        out.append('|');
        grid.columns().forEach(column -> out.append(column.figures() ? " ---: |" : " --- |"));
        out.append('\n');
        grid.rows().forEach(row -> row(out, row));
        return out.toString();
    }

    private static void row(StringBuilder out, List<String> cells) {
        out.append('|');
        cells.forEach(cell -> out.append(' ').append(escaped(cell)).append(" |"));
        out.append('\n');
    }

    /** A text that is shown as it is, wherever it stands. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        String plain = Plain.text(text).strip();
        for (int i = 0; i < plain.length(); i++) {
            char character = plain.charAt(i);
            if (acts(plain, i)) {
                out.append('\\');
            }
            out.append(character);
        }
        return out.toString();
    }

    private static boolean acts(String text, int at) {
        char character = text.charAt(at);
        return switch (character) {
            // Of a clock or a sentence it does not.
            case ':' -> text.startsWith("//", at + 1);
            // A number at the beginning of a line would be that of a list, and www. that of an address.
            case '.' -> numbers(text, at) || text.regionMatches(true, at - 3, "www", 0, 3);
            case ')' -> numbers(text, at);
            case '-', '+', '=' -> at == 0;
            default -> SPECIAL.indexOf(character) >= 0;
        };
    }

    /** Whether what is before is a number that a list could have. */
    private static boolean numbers(String text, int at) {
        return at > 0 && at <= 9 && text.substring(0, at).chars().allMatch(Character::isDigit);
    }
}

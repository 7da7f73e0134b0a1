package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Drawing;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.Block.Remark;
import java.util.List;

/** A report as a page. */
final class HtmlPage {
    private final StringBuilder out = new StringBuilder(64 * 1024);

    private HtmlPage() {}

    static String of(List<Block> blocks) {
        String title = blocks.getFirst() instanceof Heading heading ? heading.text() : "Incident";
        HtmlPage page = new HtmlPage();
        page.out
                .append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                // Nothing of it may run or be fetched, whatever has come into it.
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(PageStyle.CSS)
                .append("</style></head>\n<body>\n");
        blocks.forEach(page::write);
        return page.out.append("</body></html>\n").toString();
    }

    private void write(Block block) {
        switch (block) {
            case Heading heading -> element("h" + heading.level(), "", heading.text());
            case Paragraph paragraph -> element("p", "", paragraph.text());
            case Remark remark -> element("p", " class=\"soft\"", remark.text());
            case Items items -> {
                out.append("<ul>\n");
                items.texts().forEach(text -> element("li", "", text));
                out.append("</ul>\n");
            }
            case Grid grid -> grid(grid);
            case Drawing drawing -> out.append(SvgFigure.of(drawing.figure()));
        }
    }

    private void element(String name, String attributes, String text) {
        out.append('<')
                .append(name)
                .append(attributes)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private void grid(Grid grid) {
        out.append("<div class=\"wide\"><table><thead><tr>");
        grid.columns().forEach(column -> element("th", style(column), column.name()));
        out.append("</tr></thead><tbody>\n");
        for (List<String> row : grid.rows()) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                element("td", style(grid.columns().get(i)), row.get(i));
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static String style(Column column) {
        return column.figures() ? " class=\"figure\"" : column.name().equals("UTC") ? " class=\"time\"" : "";
    }

    /** Figures stay with their units. */
    static String escaped(String text) {
        return Plain.text(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replaceAll("(\\d) (%|s|ms|seconds?|minutes?|hours?|days?)(?![a-z])", "$1\u00a0$2");
    }
}

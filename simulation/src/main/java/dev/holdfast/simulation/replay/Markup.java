package dev.holdfast.simulation.replay;

/** Text as it is written into a page. */
public final class Markup {
    private Markup() {}

    /** Figures stay with their units. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replaceAll("(\\d) (%|s|ms|min|h)(?![a-z])", "$1\u00a0$2");
    }

    /** A cell that names its column, which a narrow screen shows beside it. */
    public static String cell(String column, String style, String text) {
        return "<td data-column=\"" + escaped(column) + "\" class=\"" + style + "\">" + escaped(text) + "</td>";
    }

    /** @param style class of the paragraph; empty for none */
    public static String paragraph(String style, String sentence) {
        return "<p class=\"" + style + "\">" + escaped(sentence) + "</p>\n";
    }

    /** How a page that stands alone begins. */
    public static String head(String title) {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width, initial-scale=1\">\n<title>" + escaped(title) + "</title>\n<style>\n"
                + PageStyle.CSS + "</style></head>\n<body>\n<h1>" + escaped(title) + "</h1>\n";
    }

    public static String heading(String... columns) {
        StringBuilder row = new StringBuilder("<thead><tr>");
        for (String column : columns) {
            row.append("<th>").append(escaped(column)).append("</th>");
        }
        return row.append("</tr></thead>").toString();
    }
}

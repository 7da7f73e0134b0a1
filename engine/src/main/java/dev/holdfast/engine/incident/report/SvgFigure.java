package dev.holdfast.engine.incident.report;

import static dev.holdfast.engine.incident.report.HtmlPage.escaped;

import dev.holdfast.engine.incident.report.Figure.Bands;
import dev.holdfast.engine.incident.report.Figure.Chart;
import dev.holdfast.engine.incident.report.Figure.Line;
import dev.holdfast.engine.incident.report.Figure.Mark;
import dev.holdfast.engine.incident.report.Figure.Row;
import dev.holdfast.engine.incident.report.Figure.Span;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A figure drawn in a page. */
final class SvgFigure {
    private static final int WIDTH = 760;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 18;
    private static final int HEIGHT = 120;
    private static final int ROW = 26;
    private static final int AXIS = 22;
    /** Wanted between two moments named below a figure. */
    private static final int BETWEEN = 90;

    private static final long[] STEPS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800
    };

    private final StringBuilder out = new StringBuilder();
    private final Figure figure;
    private final Span span;

    private SvgFigure(Figure figure) {
        this.figure = figure;
        this.span = figure.span();
    }

    static String of(Figure figure) {
        SvgFigure drawn = new SvgFigure(figure);
        switch (figure) {
            case Chart chart -> drawn.chart(chart);
            case Bands bands -> drawn.bands(bands);
        }
        return drawn.out.toString();
    }

    private void begin(int height, String inWords) {
        out.append(String.format(Locale.ROOT, "<figure><figcaption>%s</figcaption>%n", escaped(figure.title())));
        out.append(String.format(
                Locale.ROOT,
                "<div class=\"wide\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                TOP + height + AXIS,
                escaped(figure.title() + ". " + inWords)));
        for (Mark mark : span.marks()) {
            double x = x(span.share(mark.at()));
            out.append(
                    String.format(Locale.ROOT, "<path class=\"mark\" d=\"M%.1f %dV%d\"/>", x, TOP - 4, TOP + height));
        }
        marks();
        axis(TOP + height);
    }

    /** Names of marks over the figure: one that would lie upon the one before it goes with that. */
    private void marks() {
        double free = 0;
        for (Mark mark : span.marks()) {
            double x = x(span.share(mark.at()));
            double half = 3.2 * mark.name().length();
            double middle = Math.clamp(x, free + half, Math.max(free + half, WIDTH - half));
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"10\" text-anchor=\"middle\">%s</text>%n",
                    middle,
                    escaped(mark.name())));
            free = middle + half + 6;
        }
    }

    private void axis(int bottom) {
        out.append(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M%d %dH%d\"/>%n", LEFT, bottom, WIDTH - RIGHT));
        long seconds = Math.max(1, (span.to() - span.from()) / 1_000);
        long step = STEPS[STEPS.length - 1];
        for (long each : STEPS) {
            if (seconds / each * BETWEEN <= WIDTH - LEFT - RIGHT) {
                step = each;
                break;
            }
        }
        for (long at = Math.ceilDiv(span.from(), 1_000 * step) * 1_000 * step; at <= span.to(); at += 1_000 * step) {
            double x = x(span.share(at));
            out.append(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M%.1f %dv4\"/>", x, bottom));
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    Math.min(x, WIDTH - 26.0),
                    bottom + 17,
                    step >= 86_400 ? Moments.stamp(at).substring(5, 10) : Moments.clock(at)));
        }
    }

    private void chart(Chart chart) {
        double most = chart.lines().stream().mapToDouble(Line::most).max().orElse(0);
        Scale scale = Scale.of(chart.unit(), most);
        begin(
                HEIGHT,
                Say.sentence(Say.list(
                        chart.lines().stream()
                                .map(line -> line.name() + " at most " + Scale.label(line.most(), chart.unit()))
                                .toList(),
                        10)));
        for (double tick : scale.ticks()) {
            double y = y(scale.share(tick));
            out.append(String.format(Locale.ROOT, "<path class=\"line\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT));
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 6,
                    y + 4,
                    escaped(Scale.label(tick, chart.unit()))));
        }
        chart.lines().forEach(line -> line(line, scale));
        out.append("</svg></div>\n");
        if (chart.lines().size() > 1) {
            out.append("<p class=\"key\">");
            chart.lines()
                    .forEach(line -> out.append(String.format(
                            Locale.ROOT,
                            "<span><i class=\"%s\"></i>%s, at most %s</span> ",
                            line.style(),
                            escaped(line.name()),
                            escaped(Scale.label(line.most(), chart.unit())))));
            out.append("</p>\n");
        }
        out.append("</figure>\n");
    }

    private void line(Line line, Scale scale) {
        StringBuilder path = new StringBuilder();
        boolean drawn = false;
        for (int part = 0; part < line.values().length; part++) {
            double value = line.values()[part];
            if (!Double.isNaN(value)) {
                double y = y(scale.share(value));
                double from = x(part / (double) line.values().length);
                double to = x((part + 1) / (double) line.values().length);
                path.append(String.format(Locale.ROOT, "%s%.1f %.1fH%.1f", drawn ? "L" : "M", from, y, to));
            }
            drawn = !Double.isNaN(value);
        }
        out.append(String.format(Locale.ROOT, "<path class=\"%s\" d=\"%s\"/>%n", line.style(), path));
    }

    private void bands(Bands bands) {
        int height = ROW * bands.rows().size();
        begin(height, Say.list(bands.rows().stream().map(SvgFigure::inWords).toList(), 20));
        Set<String> seen = new LinkedHashSet<>();
        int y = TOP;
        for (Row row : bands.rows()) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                    LEFT - 6,
                    y + 17,
                    escaped(shortened(row.name()))));
            int parts = row.states().size();
            for (int part = 0; part < parts; ) {
                String state = row.states().get(part);
                int end = part + 1;
                while (end < parts && row.states().get(end).equals(state)) {
                    end++;
                }
                if (!state.isEmpty()) {
                    seen.add(state);
                    band(row.name(), state, part / (double) parts, end / (double) parts, y);
                }
                part = end;
            }
            y += ROW;
        }
        out.append("</svg></div>\n<p class=\"key\">");
        seen.forEach(state -> out.append(
                String.format(Locale.ROOT, "<span><i class=\"band %s\"></i>%s</span> ", style(state), escaped(state))));
        out.append("</p></figure>\n");
    }

    private void band(String name, String state, double from, double to, int y) {
        double width = x(to) - x(from);
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
                style(state),
                x(from),
                y + 4,
                width,
                ROW - 8,
                escaped(name + " " + state)));
        if (!Facts.current(state) && width > 6.5 * state.length() + 8) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text class=\"on-%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    style(state),
                    x(from) + width / 2,
                    y + 17,
                    escaped(state)));
        }
    }

    private static String inWords(Row row) {
        List<String> states = row.states().stream()
                .filter(state -> !state.isEmpty())
                .distinct()
                .toList();
        return row.name() + " was " + (states.isEmpty() ? "not seen" : Say.list(states, 10));
    }

    private static String shortened(String name) {
        return name.length() <= 9 ? name : name.substring(0, 8) + "…";
    }

    /** Names of states are the system's own; anything else gets no style. */
    private static String style(String state) {
        return state.matches("[a-z-]+") ? state : "";
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return TOP + (1 - share) * HEIGHT;
    }
}

package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Figure.Bands;
import dev.holdfast.engine.incident.report.Figure.Chart;
import dev.holdfast.engine.incident.report.Figure.Line;
import dev.holdfast.engine.incident.report.Figure.Row;
import dev.holdfast.engine.incident.report.Figure.Span;
import dev.holdfast.engine.incident.report.Figure.Unit;
import java.util.List;
import java.util.TreeSet;

/** A figure in lines of text, sixty characters wide. */
final class TextFigure {
    private static final int WIDTH = 60;
    private static final String LEVELS = " ▁▂▃▄▅▆▇█";

    private final StringBuilder out = new StringBuilder();
    private final Span span;
    private final int width;

    private TextFigure(Span span, int width) {
        this.span = span;
        this.width = width;
    }

    static String of(Figure figure) {
        int width = Math.min(WIDTH, figure.span().parts());
        TextFigure text = new TextFigure(figure.span(), width);
        text.out.append(Plain.text(figure.title())).append('\n');
        switch (figure) {
            case Chart chart -> text.chart(chart);
            case Bands bands -> text.bands(bands);
        }
        return text.out.toString();
    }

    private void chart(Chart chart) {
        int names = chart.lines().stream()
                .mapToInt(line -> line.name().length())
                .max()
                .orElse(0);
        for (Line line : chart.lines()) {
            name(line.name(), names);
            double most = line.most();
            for (int column = 0; column < width; column++) {
                out.append(level(most(line.values(), column), most, chart.unit()));
            }
            out.append("  most ").append(Scale.label(most, chart.unit())).append('\n');
        }
        axis(names);
    }

    private void bands(Bands bands) {
        int names =
                bands.rows().stream().mapToInt(row -> row.name().length()).max().orElse(0);
        TreeSet<String> seen = new TreeSet<>();
        for (Row row : bands.rows()) {
            name(row.name(), names);
            for (int column = 0; column < width; column++) {
                String state = state(row.states(), column);
                seen.add(state);
                out.append(letter(state));
            }
            out.append('\n');
        }
        axis(names);
        seen.remove("");
        out.append(" ".repeat(names + 1));
        seen.forEach(state ->
                out.append(letter(state)).append(' ').append(Plain.text(state)).append("   "));
        out.append('\n');
    }

    private void name(String name, int width) {
        String shown = Plain.text(name).replace('`', '\'');
        out.append(shown).append(" ".repeat(Math.max(0, width - shown.length()) + 1));
    }

    private void axis(int names) {
        String from = Moments.clock(span.from());
        String to = Moments.clock(span.to());
        char[] marks = " ".repeat(width).toCharArray();
        for (Figure.Mark mark : span.marks()) {
            marks[(int) Math.min(width - 1, span.share(mark.at()) * width)] = '^';
        }
        out.append(" ".repeat(names + 1))
                .append(new String(marks).stripTrailing())
                .append('\n');
        out.append(" ".repeat(names + 1))
                .append(from)
                .append(" ".repeat(Math.max(1, width - from.length() - to.length())))
                .append(to)
                .append("  ^ ")
                .append(String.join(
                        ", ", span.marks().stream().map(Figure.Mark::name).toList()))
                .append('\n');
    }

    private int begin(int column, int length) {
        return (int) ((long) column * length / width);
    }

    private double most(double[] values, int column) {
        double most = Double.NaN;
        for (int i = begin(column, values.length); i < begin(column + 1, values.length); i++) {
            most = Double.isNaN(most) || values[i] > most ? values[i] : most;
        }
        return most;
    }

    /** The first that is not current: it must be seen however short it was. */
    private String state(List<String> states, int column) {
        String found = "";
        for (int i = begin(column, states.size()); i < begin(column + 1, states.size()); i++) {
            found = found.isEmpty() || Facts.current(found) ? states.get(i) : found;
        }
        return found;
    }

    private static char letter(String state) {
        return state.isEmpty() ? ' ' : Facts.current(state) ? '.' : Character.toUpperCase(state.charAt(0));
    }

    private static char level(double value, double most, Unit unit) {
        if (Double.isNaN(value) || most <= 0) {
            return ' ';
        } else if (value <= 0) {
            return LEVELS.charAt(1);
        }
        double share = unit == Unit.MICROS ? Scale.order(value) / Scale.order(most) : value / most;
        // What is more than nothing is seen to be.
        return LEVELS.charAt(Math.clamp(Math.round(share * 8), 2, 8));
    }
}

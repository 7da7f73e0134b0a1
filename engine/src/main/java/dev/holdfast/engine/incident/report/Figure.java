package dev.holdfast.engine.incident.report;

import java.util.List;

/** Something that is drawn over time. */
sealed interface Figure {
    String title();

    Span span();

    /**
     * The time that is drawn, in parts of the same length.
     *
     * @param from in milliseconds since the Unix epoch
     * @param to likewise, greater
     * @param marks moments that are marked
     */
    record Span(long from, long to, List<Mark> marks) {
        static final int MOST_PARTS = 360;

        /** How many, of a second at least. */
        int parts() {
            return Math.clamp((to - from) / 1_000, 1, MOST_PARTS);
        }

        /** Into which one a moment falls. */
        int part(long at) {
            return Math.clamp((at - from) * parts() / (to - from), 0, parts() - 1);
        }

        /** From 0 to 1. */
        double share(long at) {
            return Math.clamp((at - from) / (double) (to - from), 0, 1);
        }
    }

    /** @param name a word */
    record Mark(long at, String name) {}

    /** What the values are. */
    enum Unit {
        PER_SECOND,
        COUNT,
        SECONDS,
        /** Drawn by their order of magnitude. */
        MICROS
    }

    /** Lines over time. */
    record Chart(String title, Unit unit, Span span, List<Line> lines) implements Figure {}

    /**
     * A line of a chart.
     *
     * @param style by which the page draws it
     * @param values of each part of the time; not a number where nothing is known
     */
    record Line(String name, String style, double[] values) {
        double most() {
            double most = 0;
            for (double value : values) {
                most = value > most ? value : most;
            }
            return most;
        }
    }

    /** States over time, a row for each thing that has them. */
    record Bands(String title, Span span, List<Row> rows) implements Figure {}

    /** @param states of each part of the time; empty where nothing is known */
    record Row(String name, List<String> states) {}
}

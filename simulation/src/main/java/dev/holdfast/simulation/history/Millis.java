package dev.holdfast.simulation.history;

/**
 * Virtual time in words: milliseconds with three decimals, the same in every country. Not by {@code Formatter}, in which a run
 * spent a tenth of its time.
 */
final class Millis {
    private static final int WIDTH = 11;

    private Millis() {}

    static String of(long nanos) {
        long micros = nanos / 1_000;
        String rest = Long.toString(1_000 + micros % 1_000).substring(1);
        return micros / 1_000 + "." + rest + " ms";
    }

    /** At the right of a column. */
    static String inColumn(long nanos) {
        String words = of(nanos);
        return " ".repeat(Math.max(0, WIDTH + 3 - words.length())) + words;
    }
}

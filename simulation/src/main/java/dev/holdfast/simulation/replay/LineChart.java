package dev.holdfast.simulation.replay;

import static dev.holdfast.simulation.replay.Markup.escaped;

import java.util.List;
import java.util.Locale;

/**
 * Lines over the minutes of something that was played: shares that were answered, and what the providers were asked. Only they are drawn to
 * scale with the page: all words are text beside them. Not thread-safe.
 */
public final class LineChart {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 100;
    private static final int MARGIN = 5;

    /** Told apart without colour too. */
    private static final List<String> STYLES = List.of(
            "stroke:var(--reads);stroke-width:3px",
            "stroke:var(--stale);stroke-width:2px;stroke-dasharray:8 4",
            "stroke:var(--writes);stroke-width:2px;stroke-dasharray:3 3",
            "stroke:var(--soft);stroke-width:1.5px");

    private final StringBuilder out;
    private final int seconds;
    private final Outage outage;

    /**
     * What has to be seen beside the lines, in seconds since the beginning.
     *
     * @param begin from which minutes are counted
     * @param gone until when the ground is red; {@code begin} for not at all
     * @param marks of single moments
     */
    public record Outage(int begin, int gone, List<Integer> marks) {
        public Outage {
            marks = List.copyOf(marks);
        }
    }

    /**
     * @param out where it is drawn
     * @param seconds that were played
     */
    public LineChart(StringBuilder out, int seconds, Outage outage) {
        this.out = out;
        this.seconds = seconds;
        this.outage = outage;
    }

    /** Which line is which. */
    public void key(List<String> names) {
        out.append("<p class=\"key soft\">");
        for (int i = 0; i < names.size(); i++) {
            out.append("<span><svg viewBox=\"0 0 30 10\" style=\"width:1.9rem;height:.6rem;display:inline-block\">"
                            + "<path d=\"M0 5H30\" style=\"")
                    .append(STYLES.get(i))
                    .append("\"/></svg> ")
                    .append(escaped(names.get(i)))
                    .append("</span>");
        }
        out.append("</p>\n");
    }

    /**
     * Shares from 0 to 1.
     *
     * @param lines each a value for every {@code step} seconds
     */
    public void shares(List<List<Double>> lines, int step, String inWords) {
        begin(inWords);
        for (int percent = 0; percent <= 100; percent += 50) {
            rule(percent / 100.0);
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            line(STYLES.get(i), lines.get(i), step, 1);
        }
        end(List.of("100\u00a0%", "50\u00a0%", "0\u00a0%"));
    }

    /**
     * Lookups a second at the providers, with lines at the most before the trigger and at twice that.
     *
     * @param load for every {@code step} seconds
     * @param before the most before the trigger
     */
    public void load(List<Double> load, int step, double before) {
        double most = load.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double top = Math.max(most, 2 * before) * 1.05;
        begin("Lookups a second at the providers.");
        rule(0);
        rule(before / top);
        rule(2 * before / top);
        line("stroke:var(--ink);stroke-width:1.5px", load, step, top);
        end(List.of(String.format(Locale.ROOT, "%.0f/s", top), String.format(Locale.ROOT, "%.0f/s", top / 2), "0/s"));
    }

    private void begin(String words) {
        out.append(String.format(
                Locale.ROOT,
                "<div class=\"chart\"><div class=\"plot\"><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\""
                        + " role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                HEIGHT,
                escaped(words)));
        double from = WIDTH * share(outage.begin());
        double to = WIDTH * share(outage.gone());
        if (to > from) {
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\" fill=\"var(--out)\"/>%n",
                    from,
                    to - from,
                    HEIGHT));
        }
        for (int mark : outage.marks()) {
            out.append(String.format(
                    Locale.ROOT, "<path d=\"M%.1f 0V%d\" stroke=\"var(--bad)\"/>%n", WIDTH * share(mark), HEIGHT));
        }
    }

    private void end(List<String> scale) {
        out.append("</svg>");
        for (int i = 0; i < scale.size(); i++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span style=\"top:%.1f%%\">%s</span>",
                    y(1 - i / (scale.size() - 1.0)),
                    escaped(scale.get(i))));
        }
        out.append("</div>\n<div class=\"minutes\">");
        int minutes = seconds / 60;
        int every = minutes > 120 ? 30 : 10;
        int before = outage.begin() / 60;
        for (int minute = -(before / every) * every; minute <= minutes - before; minute += every) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span style=\"left:%.2f%%\">%s</span>",
                    100 * share(outage.begin() + minute * 60.0),
                    Integer.toString(minute).replace('-', '−')));
        }
        out.append("</div></div>\n");
    }

    private void rule(double share) {
        out.append(
                String.format(Locale.ROOT, "<path d=\"M0 %1$.1fH%2$d\" stroke=\"var(--line)\"/>%n", y(share), WIDTH));
    }

    private void line(String style, List<Double> values, int step, double top) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    path.isEmpty() ? "M" : "L",
                    WIDTH * share((i + 0.5) * step),
                    y(values.get(i) / top)));
        }
        out.append(String.format(Locale.ROOT, "<path style=\"%s\" d=\"%s\"/>%n", style, path));
    }

    private double share(double second) {
        return second / seconds;
    }

    private static double y(double share) {
        return MARGIN + (1 - share) * (HEIGHT - 2 * MARGIN);
    }
}

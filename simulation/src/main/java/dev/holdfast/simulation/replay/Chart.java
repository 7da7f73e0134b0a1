package dev.holdfast.simulation.replay;

import static dev.holdfast.simulation.replay.Markup.escaped;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What users of one arm felt, minute by minute. Only the lines are drawn to scale with the page: all words are text beside them, so
 * that they are as large on a telephone as on a wide screen.
 */
final class Chart {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 100;
    /** Above the line of 100 % and below that of 0 %. */
    private static final int MARGIN = 5;

    /** Of the chart's width, on a telephone. */
    private static final double LETTER = 0.023;

    private final Scenario scenario;
    private final ArmResult arm;
    private final int before;
    private final int minutes;
    private final StringBuilder out = new StringBuilder();

    private Chart(Scenario scenario, ArmResult arm) {
        this.scenario = scenario;
        this.arm = arm;
        this.before = (int) (scenario.beginNanos() / Meter.BUCKET_NANOS);
        this.minutes = arm.minutes().size();
    }

    static String of(Scenario scenario, ArmResult arm) {
        return new Chart(scenario, arm).draw();
    }

    private String draw() {
        out.append("<figure><figcaption>").append(escaped(arm.what())).append("</figcaption>\n<div class=\"chart\">\n");
        events();
        out.append(String.format(
                Locale.ROOT,
                "<div class=\"plot\"><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\""
                        + " aria-label=\"%s\">%n",
                WIDTH,
                HEIGHT,
                escaped(inWords())));
        double begin = share(0);
        double end = scenario.ends() ? share(scenario.outageNanos() / (double) Meter.BUCKET_NANOS) : 1;
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\" fill=\"var(--out)\"/>%n",
                WIDTH * begin,
                WIDTH * (end - begin),
                HEIGHT));
        for (int percent = 0; percent <= 100; percent += 50) {
            out.append(String.format(
                    Locale.ROOT, "<path d=\"M0 %1$.1fH%2$d\" stroke=\"var(--line)\"/>%n", y(percent / 100.0), WIDTH));
        }
        line("writes", ArmResult.Minute::writes, minute -> true);
        line("stale", ArmResult.Minute::stale, minute -> !minute.hardlyAnswered());
        // Last and dashed: the line of the writes, on which it mostly lies, shows through.
        line("reads", ArmResult.Minute::reads, minute -> true);
        out.append("</svg>");
        for (int percent = 0; percent <= 100; percent += 50) {
            out.append(String.format(
                    Locale.ROOT, "<span style=\"top:%.1f%%\">%d\u00a0%%</span>", y(percent / 100.0), percent));
        }
        out.append("</div>\n<div class=\"minutes\">");
        axis();
        return out.append("</div></div></figure>\n").toString();
    }

    /** The events as flags over the chart, one below the other where they would lie upon each other. */
    private void events() {
        record Flag(double from, double to, String place, String text) {}
        List<Flag> flags = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        for (Scenario.Event event : scenario.events()) {
            double at = share(event.nanos() / (double) Meter.BUCKET_NANOS);
            String text = when(event.nanos()) + ": " + event.what();
            double width = LETTER * text.length();
            Flag flag = at < 0.5
                    ? new Flag(at, at + width, String.format(Locale.ROOT, "left:%.2f%%", 100 * at), text)
                    : new Flag(at - width, at, String.format(Locale.ROOT, "right:%.2f%%", 100 * (1 - at)), text);
            int row = 0;
            while (row < ends.size() && ends.get(row) > flag.from()) {
                row++;
            }
            if (row == ends.size()) {
                ends.add(flag.to());
            } else {
                ends.set(row, flag.to());
            }
            flags.add(flag);
            rows.add(row);
        }
        out.append(String.format(Locale.ROOT, "<div class=\"events\" style=\"height:%.1fem\">", 1.4 * ends.size()));
        for (int i = 0; i < flags.size(); i++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span class=\"%s\" style=\"%s;top:%.1fem\">%s</span>",
                    flags.get(i).place().startsWith("left") ? "" : "end",
                    flags.get(i).place(),
                    1.4 * rows.get(i),
                    escaped(flags.get(i).text())));
        }
        out.append("</div>\n");
    }

    private static String when(long nanos) {
        long seconds = nanos / 1_000_000_000L;
        return (seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s").replace('-', '−');
    }

    private void axis() {
        int step = minutes > 90 ? 30 : 10;
        List<Integer> ticks = new ArrayList<>(List.of(-before));
        for (int minute = 0; minute <= minutes - before; minute += step) {
            ticks.add(minute);
        }
        for (int minute : ticks) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span style=\"left:%.2f%%\">%s</span>",
                    100 * share(minute),
                    Integer.toString(minute).replace('-', '−')));
        }
    }

    /** For those who hear the page. */
    private String inWords() {
        return arm.what() + ". " + scenario.counted() + " " + inWords(arm.during())
                + "; in the twenty minutes after that " + inWords(arm.after()) + ".";
    }

    private static String inWords(ArmResult.Shares shares) {
        return Verdict.percent(1 - shares.failedReads()) + " of the reads were answered, "
                + Verdict.percent(1 - shares.failedWrites()) + " of the writes acknowledged"
                + (shares.hardlyAnswered() ? "" : ", and " + Verdict.percent(shares.stale()) + " of the answers stale");
    }

    private void line(String style, ToDoubleFunction<ArmResult.Minute> share, Predicate<ArmResult.Minute> known) {
        StringBuilder path = new StringBuilder();
        boolean drawn = false;
        for (ArmResult.Minute minute : arm.minutes()) {
            if (known.test(minute)) {
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        drawn ? "L" : "M",
                        WIDTH * (minute.at() + 0.5) / minutes,
                        y(share.applyAsDouble(minute))));
            }
            drawn = known.test(minute);
        }
        out.append(String.format(Locale.ROOT, "<path class=\"%s\" d=\"%s\"/>%n", style, path));
    }

    /** Where a minute lies, counted from the beginning of the outage: 0 at the left, 1 at the right. */
    private double share(double minute) {
        return (before + minute) / minutes;
    }

    private static double y(double share) {
        return MARGIN + (1 - share) * (HEIGHT - 2 * MARGIN);
    }
}

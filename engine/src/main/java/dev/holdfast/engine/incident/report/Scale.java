package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where values lie on the upright axis of a chart.
 *
 * @param least at the bottom
 * @param most at the top
 */
record Scale(Unit unit, double least, double most) {

    /** With round figures at its ends. */
    static Scale of(Unit unit, double most) {
        if (unit == Unit.MICROS) {
            return new Scale(unit, 10, Math.pow(10, Math.max(3, Math.ceil(Math.log10(most)))));
        }
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1))));
        for (double step : new double[] {1, 2, 4, 5, 10}) {
            if (step * power >= most) {
                return new Scale(unit, 0, step * power);
            }
        }
        return new Scale(unit, 0, most);
    }

    /** From 0 at the bottom to 1 at the top. */
    double share(double value) {
        double share = unit == Unit.MICROS
                ? Math.log10(Math.max(value, least) / least) / Math.log10(most / least)
                : (value - least) / (most - least);
        return Math.clamp(share, 0, 1);
    }

    /** Values that are named beside the axis. */
    List<Double> ticks() {
        if (unit != Unit.MICROS) {
            return most == 1 ? List.of(0.0, most) : List.of(0.0, most / 2, most);
        }
        List<Double> ticks = new ArrayList<>();
        for (double tick = least; tick <= most * 1.001; tick *= 10) {
            ticks.add(tick);
        }
        return ticks;
    }

    /** How far a latency is above ten microseconds, in powers of ten; a little more than nothing at least. */
    static double order(double micros) {
        return Math.max(.1, Math.log10(micros / 10));
    }

    static String label(double value, Unit unit) {
        return switch (unit) {
            case PER_SECOND -> figure(value) + "/s";
            case COUNT -> figure(value);
            case SECONDS -> figure(value) + " s";
            case MICROS -> value <= 0 ? "0 ms" : tidy(Say.micros(Math.round(value)));
        };
    }

    private static String figure(double value) {
        return value >= 10 || value == Math.rint(value)
                ? Say.number(Math.round(value))
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String tidy(String duration) {
        return duration.replaceFirst("\\.0+(?= )", "").replaceFirst("(\\.\\d*[1-9])0+(?= )", "$1");
    }
}

package dev.holdfast.engine.incident.report;

import java.util.List;
import java.util.Locale;

/** How figures and lists are written in sentences. */
final class Say {
    private Say() {}

    /** {@code 12,345}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code no request}, {@code 1 request}, {@code 12,345 requests}. */
    static String count(long number, String thing) {
        return (number == 0 ? "no" : number(number)) + " " + thing + (number == 1 || number == 0 ? "" : "s");
    }

    /** {@code was} or {@code were}, after {@link #count}. */
    static String was(long number) {
        return number <= 1 ? "was" : "were";
    }

    /** Never 0 % or 100 % of what is only nearly so. */
    static String share(long part, long all) {
        if (part <= 0 || all <= 0) {
            return "0 %";
        } else if (part >= all) {
            return "100 %";
        }
        return percent(part / (double) all);
    }

    /** @param share from 0 to 1 */
    static String percent(double share) {
        double percent = 100 * share;
        if (percent <= 0) {
            return "0 %";
        } else if (percent < .01) {
            return "less than 0.01 %";
        } else if (percent >= 100) {
            return "100 %";
        } else if (percent > 99.9) {
            return "more than 99.9 %";
        }
        return String.format(Locale.ROOT, percent < 1 ? "%.2f %%" : percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    /** In words, two units at most: {@code less than a second}, {@code 12 seconds}, {@code 1 minute 5 seconds}. */
    static String duration(long millis) {
        long seconds = Math.round(millis / 1_000.0);
        if (seconds < 1) {
            return "less than a second";
        } else if (seconds < 60) {
            return unit(seconds, "second");
        } else if (seconds < 3_600) {
            return units(seconds / 60, "minute", seconds % 60, "second");
        } else if (seconds < 86_400) {
            return units(seconds / 3_600, "hour", seconds / 60 % 60, "minute");
        }
        return units(seconds / 86_400, "day", seconds / 3_600 % 24, "hour");
    }

    private static String units(long first, String firstUnit, long second, String secondUnit) {
        return unit(first, firstUnit) + (second == 0 ? "" : " " + unit(second, secondUnit));
    }

    private static String unit(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    /** How long a call took: {@code 0.26 ms}, {@code 12 ms}, {@code 1.05 s}. */
    static String micros(long micros) {
        if (micros < 1_000) {
            return String.format(Locale.ROOT, "%.2f ms", micros / 1e3);
        } else if (micros < 1_000_000) {
            return String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1e3);
        }
        return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }

    /** {@code a, b and c}; the first {@code most}, and how many more there are. */
    static String list(List<String> all, int most) {
        List<String> shown = all.size() <= most ? all : all.subList(0, most);
        String last = all.size() <= most ? shown.getLast() : number(all.size() - most) + " more";
        List<String> before = all.size() <= most ? shown.subList(0, shown.size() - 1) : shown;
        return before.isEmpty() ? last : String.join(", ", before) + " and " + last;
    }

    /** As a sentence of its own: with a capital and a full stop. */
    static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String begun = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        char last = begun.charAt(begun.length() - 1);
        return last == '.' || last == '?' || last == '!' ? begun : begun + ".";
    }
}

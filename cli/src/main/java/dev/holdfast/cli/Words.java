package dev.holdfast.cli;

import java.util.Locale;

/** How quantities and names are written for people. */
public final class Words {
    private Words() {}

    /** Three units are enough: {@code 340 ms}, {@code 12.3 s}, {@code 5 min 20 s}, {@code 3 h 12 min}, {@code 4 d 2 h}. */
    public static String duration(long millis) {
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        long seconds = millis / 1_000;
        if (seconds < 3_600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h " + seconds / 60 % 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds / 3_600 % 24 + " h";
    }

    /** How long ago a moment was, given in milliseconds since the Unix epoch. */
    public static String ago(long millis) {
        return duration(Math.max(0, System.currentTimeMillis() - millis)) + " ago";
    }

    public static String bytes(long bytes) {
        if (bytes < 1_024) {
            return bytes + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        double amount = bytes / 1024.0;
        int unit = 0;
        while (amount >= 1_024 && unit < units.length - 1) {
            amount /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }

    /** {@code 1 key}, {@code 2 keys}. */
    public static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** Key names may hold anything, and a terminal obeys control characters: they are shown, not sent. */
    public static String visible(String name) {
        StringBuilder shown = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (Character.isISOControl(character)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                shown.append(character);
            }
        }
        return shown.toString();
    }
}

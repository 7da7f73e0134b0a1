package dev.holdfast.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written as people write it: {@code 512KiB}, {@code 64MiB}, {@code 2GiB}, {@code 100B}. */
public record Size(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB|TiB)");

    /** @throws IllegalArgumentException when {@code text} is no size */
    public static Size parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a size: " + text);
        }
        int shift = switch (parts.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
        long bytes = Math.multiplyHigh(Long.parseLong(parts.group(1)), 1L << shift) == 0
                ? Long.parseLong(parts.group(1)) << shift
                : -1;
        if (bytes < 0) {
            throw new IllegalArgumentException("too large: " + text);
        }
        return new Size(bytes);
    }

    /** The bytes as an {@code int}, for what is kept in memory. */
    public int asInt() {
        return Math.toIntExact(bytes);
    }

    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long left = bytes;
        while (left != 0 && left % 1024 == 0 && unit < units.length - 1) {
            left /= 1024;
            unit++;
        }
        return left + units[unit];
    }
}

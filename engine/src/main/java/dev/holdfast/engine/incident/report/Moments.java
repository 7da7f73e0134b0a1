package dev.holdfast.engine.incident.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How moments are written, in UTC: those of the day of an incident without their date. */
final class Moments {
    private static final DateTimeFormatter STAMP = format("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter CLOCK = format("HH:mm:ss");
    private static final DateTimeFormatter DAY = format("d MMMM yyyy");

    private final String day;

    Moments(long openedAt) {
        this.day = day(openedAt);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    static String stamp(long millis) {
        return STAMP.format(Instant.ofEpochMilli(millis));
    }

    static String clock(long millis) {
        return CLOCK.format(Instant.ofEpochMilli(millis));
    }

    static String day(long millis) {
        return DAY.format(Instant.ofEpochMilli(millis));
    }

    String at(long millis) {
        return day(millis).equals(day) ? clock(millis) : stamp(millis);
    }

    /** Of two moments in one figure of speech: {@code from 10:00:01 to 10:00:05}, {@code at 10:00:01}. */
    String during(long from, long to) {
        return at(from).equals(at(to)) ? "at " + at(from) : "from " + at(from) + " to " + at(to);
    }
}

package dev.holdfast.server.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as people read them. */
final class Instants {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Instants() {}

    /** For a name of a file. Names order as the moments do. */
    static String name(long millis) {
        return NAME.format(Instant.ofEpochMilli(millis));
    }

    /** In UTC, with as much of a second as there is. */
    static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}

package dev.holdfast.server.backup;

import java.time.Instant;

/** Moments as people read them. */
final class Instants {
    private Instants() {}

    /** In UTC, with as much of a second as there is. */
    static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}

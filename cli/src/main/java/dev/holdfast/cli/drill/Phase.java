package dev.holdfast.cli.drill;

import java.util.Locale;

/** The three parts of a drill; a request belongs to the one in which it began. */
public enum Phase {
    BEFORE,
    DURING,
    AFTER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

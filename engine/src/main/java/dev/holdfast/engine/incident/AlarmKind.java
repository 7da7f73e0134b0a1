package dev.holdfast.engine.incident;

import java.util.Locale;

/** What a detector can find wrong. */
public enum AlarmKind {
    /** A provider is not current, or refuses in a way that is no accident. */
    PROVIDER,
    /** A provider lacks or alters what it has acknowledged. */
    CONTRADICTION,
    /** Records are damaged at every home that has them. */
    DAMAGE,
    /** A provider answers, and is much slower than it was, or fails a part of its calls. */
    GREY,
    /** Requests are refused, late or answered with what may be old. */
    REQUESTS,
    /** The providers differ in more and more keys. */
    DIVERGENCE,
    /** Writes have waited long for a provider, or many do. */
    HINTS,
    /** An edge hears nothing of an origin, or an origin of another node. */
    FEED,
    /** A clock is off. */
    CLOCK,
    /** A disk is nearly full. */
    DISK,
    /** A certificate, a token or a provider's credential is about to expire, or has; a provider refuses a credential and takes the other one. */
    EXPIRY,
    /** Backups fail, or the archive of changes is behind. */
    BACKUP;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it mostly follows from something else that is wrong. */
    public boolean follows() {
        return this == REQUESTS || this == DIVERGENCE || this == HINTS;
    }

    /** Whether requests can be hurt by it. */
    boolean hurts() {
        return this != CLOCK && this != EXPIRY && this != BACKUP;
    }
}

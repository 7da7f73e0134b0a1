package dev.holdfast.engine.provider;

import java.util.Locale;

/** The ways in which a provider can be made to fail, for drills and simulation (see docs/drills.md). */
public enum FaultMode {
    /** Every call fails at once. */
    ERROR,
    /** No call returns, until the fault ends or the caller gives up. */
    BLACKHOLE,
    /** Calls work, after a delay. */
    SLOW,
    /** Calls are refused as too many. */
    THROTTLED,
    /** A "valid" 401 to everything. */
    UNAUTHORIZED,
    /** Reads say that the key is not there. */
    NOT_FOUND,
    /** Reads find nothing, scans find nothing: as a wiped place would answer. */
    EMPTY,
    /** Reads answer with what was there before. */
    STALE,
    /** Reads answer with altered bytes. */
    CORRUPT,
    /** Reads answer with the first part of the bytes. */
    TRUNCATED,
    /** Writes fail for want of room; reads work. */
    DISK_FULL,
    /** Writes are acknowledged and not kept. */
    ACKNOWLEDGED_THEN_LOST;

    /** Whether reads that it strikes are answered, with something else than there is. */
    boolean alters() {
        return switch (this) {
            case NOT_FOUND, EMPTY, STALE, CORRUPT, TRUNCATED -> true;
            case ERROR, BLACKHOLE, SLOW, THROTTLED, UNAUTHORIZED, DISK_FULL, ACKNOWLEDGED_THEN_LOST -> false;
        };
    }

    /** The name as people write it: {@code acknowledged-then-lost}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the modes there are */
    public static FaultMode parse(String label) {
        for (FaultMode mode : values()) {
            if (mode.label().equals(label)) {
                return mode;
            }
        }
        StringBuilder all = new StringBuilder();
        for (FaultMode mode : values()) {
            all.append(all.isEmpty() ? "" : ", ").append(mode.label());
        }
        throw new IllegalArgumentException("no fault mode \"" + label + "\"; there are: " + all);
    }
}

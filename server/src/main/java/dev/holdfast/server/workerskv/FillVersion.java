package dev.holdfast.server.workerskv;

import dev.holdfast.engine.kv.Version;

/**
 * The versions of what is taken from an upstream: just above the collection floor and below all that is written here, so that what has expired
 * at one of them is told from what was deleted. A key that expires and is taken again gets the next one. They are in the first millisecond that
 * begins at the floor or after it, all of one stamp.
 */
final class FillVersion {
    private static final int RENEWAL_SHIFT = 8;
    private static final long MOST_RENEWALS = 255;
    private static final long STAMP = 1;

    private FillVersion() {}

    private static long first(Version since) {
        Version begins = Version.atMillis(since.millis());
        return (begins.equals(since) ? begins : Version.atMillis(since.millis() + 1)).bits() + STAMP;
    }

    /** Whether it is one of them. */
    static boolean is(Version version, Version since) {
        long above = version.bits() - first(since);
        return above >= 0 && above <= (MOST_RENEWALS << RENEWAL_SHIFT) && above % (1L << RENEWAL_SHIFT) == 0;
    }

    /** The one after what is absent as of {@code asOf}; the last one again when there is none left. */
    static Version next(Version asOf, Version since) {
        long renewals = is(asOf, since) ? 1 + ((asOf.bits() - first(since)) >> RENEWAL_SHIFT) : 0;
        return new Version(first(since) + (Math.min(renewals, MOST_RENEWALS) << RENEWAL_SHIFT));
    }
}

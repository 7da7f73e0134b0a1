package dev.holdfast.simulation.check;

import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;

/**
 * What a call must know of calls that ended before it began. Of those at its own node everything, always: reads follow writes, and
 * never go back. Of those at other nodes what went to every provider, while none is in trouble. What one node wrote past a provider
 * that it had given up, another one that still asks it learns of by marks and presence, which are read every second; so a
 * confirmed answer knows what others have shown some time ago, once that lies with more than one of them, and a write is stamped above what was stamped longer ago than clocks
 * differ.
 */
final class Sight {
    /** How long ago a write must have been shown elsewhere for a confirmed answer to know of it in spite of trouble. */
    static final long READ_LAG_NANOS = 6_000_000_000L;

    private static final long WRITE_LAG_NANOS = 5_000_000_000L;

    private Sight() {}

    /** Whether {@code later} must take account of {@code earlier}. */
    static boolean binds(History history, Operation earlier, Operation later) {
        return earlier.before(later)
                && (earlier.node().equals(later.node())
                        || (later.troubles() == 0 && earlier.everywhere())
                        || shownSince(history, earlier) + lagNanos(later) <= later.beginNanos());
    }

    /** From when on others may learn of it: what lies with a node alone, once that has given its hints away; beyond all time if never. */
    static long shownSince(History history, Operation earlier) {
        Long settled = earlier.dark() ? history.settledSince(earlier.endNanos()) : Long.valueOf(earlier.endNanos());
        return settled == null ? Long.MAX_VALUE / 2 : settled;
    }

    /** How long ago something must have been shown elsewhere for {@code later} to know of it in spite of trouble. */
    static long lagNanos(Operation later) {
        if (later.write()) {
            return WRITE_LAG_NANOS;
        }
        return later.confirmed() ? READ_LAG_NANOS : Long.MAX_VALUE / 2;
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.replication.ScrubStatus.Counts;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How far the pass over one provider has come, as it is kept on the node's disk.
 *
 * @param begunAt milliseconds since the Unix epoch; 0 for never
 * @param endedAt milliseconds since the Unix epoch; 0 while under way
 * @param at all up to this key has been read; null before the first page
 * @param keysBefore how many keys the last complete pass read; 0 for not known
 */
record ScrubProgress(long begunAt, long endedAt, @Nullable KeyRef at, Counts counts, long keysBefore) {
    static final ScrubProgress NEVER = new ScrubProgress(0, 0, null, new Counts(0, 0, 0, 0), 0);

    private static final int FIELDS = 8;
    private static final String NOWHERE = "-";

    boolean underWay() {
        return begunAt > 0 && endedAt == 0;
    }

    ScrubProgress begin(long wallMillis) {
        return new ScrubProgress(wallMillis, 0, null, NEVER.counts, endedAt > 0 ? counts.keys() : keysBefore);
    }

    /** The same pass before its first page. */
    ScrubProgress fromTheBegin() {
        return new ScrubProgress(begunAt, endedAt, null, NEVER.counts, keysBefore);
    }

    /** Has read the keys up to this one. */
    ScrubProgress upTo(KeyRef last, Counts more) {
        return new ScrubProgress(begunAt, endedAt, last, counts.plus(more), keysBefore);
    }

    ScrubProgress end(long wallMillis) {
        return new ScrubProgress(begunAt, Math.max(1, wallMillis), null, counts, keysBefore);
    }

    String text() {
        return String.join(
                " ",
                Long.toString(begunAt),
                Long.toString(endedAt),
                Long.toString(counts.keys()),
                Long.toString(counts.bytes()),
                Long.toString(counts.damaged()),
                Long.toString(counts.repaired()),
                Long.toString(keysBefore),
                at == null ? NOWHERE : HexFormat.of().formatHex(at.bytes()));
    }

    /** What {@link #text} gave; {@link #NEVER} for what cannot be read, since then a pass is due. */
    static ScrubProgress parse(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != FIELDS) {
            return NEVER;
        }
        try {
            long[] numbers = new long[FIELDS - 1];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Long.parseLong(words[i]);
            }
            String place = words[FIELDS - 1];
            return new ScrubProgress(
                    numbers[0],
                    numbers[1],
                    place.equals(NOWHERE) ? null : KeyRef.parse(HexFormat.of().parseHex(place), 0),
                    new Counts(numbers[2], numbers[3], numbers[4], numbers[5]),
                    numbers[6]);
        } catch (RuntimeException unreadable) {
            return NEVER;
        }
    }
}

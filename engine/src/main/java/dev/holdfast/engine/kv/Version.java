package dev.holdfast.engine.kv;

import java.util.HexFormat;

/**
 * When a record was written, by the hybrid logical clock of the node that wrote it: one 64-bit number, unique in the store,
 * ordered as unsigned; the newest wins.
 *
 * <p>From the top: 48 bits of milliseconds since the Unix epoch, 8 bits of counter within the millisecond, 8 bits of node
 * stamp. See docs/adr/0002 for why all of it is in 64 bits. Immutable.
 */
public record Version(long bits) implements Comparable<Version> {

    /** Older than every version; never stamped. */
    public static final Version NONE = new Version(0);

    /** Newer than every version; never stamped. */
    public static final Version MAX = new Version(-1);

    static final int MILLIS_SHIFT = 16;
    static final int COUNTER_SHIFT = 8;
    static final int COUNTER_MAX = 0xff;
    /** How many node stamps there are. */
    public static final int STAMPS = 256;

    /**
     * @param millis 0 to 2^48 - 1
     * @param counter 0 to 255
     * @param stamp 0 to 255
     * @throws IllegalArgumentException when one does not fit its bits, where it would change another
     */
    public static Version of(long millis, int counter, int stamp) {
        if (millis >>> (Long.SIZE - MILLIS_SHIFT) != 0
                || counter >>> COUNTER_SHIFT != 0
                || stamp >>> COUNTER_SHIFT != 0) {
            throw new IllegalArgumentException(
                    "no version has " + millis + " ms, counter " + counter + " and stamp " + stamp);
        }
        return new Version(millis << MILLIS_SHIFT | (long) counter << COUNTER_SHIFT | stamp);
    }

    /** The oldest version of a millisecond. */
    public static Version atMillis(long millis) {
        return of(Math.max(0, millis), 0, 0);
    }

    /** @throws IllegalArgumentException when {@code hex} is not 16 hexadecimal digits */
    public static Version parse(String hex) {
        if (hex.length() != 16) {
            throw new IllegalArgumentException("a version has 16 hexadecimal digits: \"" + hex + "\"");
        }
        return new Version(HexFormat.fromHexDigitsToLong(hex));
    }

    public long millis() {
        return bits >>> MILLIS_SHIFT;
    }

    public int counter() {
        return (int) (bits >>> COUNTER_SHIFT) & COUNTER_MAX;
    }

    /** The stamp of the node that wrote. */
    public int stamp() {
        return (int) bits & (STAMPS - 1);
    }

    public boolean newerThan(Version other) {
        return compareTo(other) > 0;
    }

    public static Version newest(Version a, Version b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    @Override
    public int compareTo(Version other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** 16 hexadecimal digits, whose alphabetical order is the order of versions. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(bits);
    }
}

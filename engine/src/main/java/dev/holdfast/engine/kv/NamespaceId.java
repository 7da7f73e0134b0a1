package dev.holdfast.engine.kv;

import java.util.HexFormat;

/** The identity of a namespace: 128 bits, written as 32 lower-case hexadecimal digits. Immutable. */
public record NamespaceId(long high, long low) implements Comparable<NamespaceId> {

    /** Where the store keeps its own records: catalogue, marks, floors, nodes. No door gives access to it. */
    public static final NamespaceId SYSTEM = new NamespaceId(0, 0);

    /** What concerns one provider alone and is kept there only: never compared, listed or collected. No door gives access to it. */
    public static final NamespaceId PLACE = new NamespaceId(0, 1);

    public static final int BYTES = 16;

    /** @throws IllegalArgumentException when {@code hex} is not 32 hexadecimal digits */
    public static NamespaceId parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a namespace id has 32 hexadecimal digits, not " + hex.length());
        }
        return new NamespaceId(
                HexFormat.fromHexDigitsToLong(hex, 0, BYTES), HexFormat.fromHexDigitsToLong(hex, BYTES, 2 * BYTES));
    }

    /** Whether it is the store's own, so that no door gives access to it. */
    public boolean reserved() {
        return equals(SYSTEM) || equals(PLACE);
    }

    @Override
    public int compareTo(NamespaceId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}

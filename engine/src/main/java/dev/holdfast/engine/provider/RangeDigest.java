package dev.holdfast.engine.provider;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the rows of a range come to: two places whose digests of a range are equal hold the same keys there, at the same versions,
 * with the same checksums, tombstones and expired ones included.
 *
 * <p>The definition, which is never changed: of each row take SHA-256 over its version (8 bytes), its checksum (4 bytes) and its
 * key (the rest), numbers big-endian; of that the first 8 bytes as one number and the next 8 as another; and add each up over all
 * rows modulo 2^64. So the order of rows does not matter, and digests of neighbouring ranges add up to that of both. It is made
 * against accidents; whoever can choose checksums could make two ranges seem alike.
 *
 * @param rows how many there are
 * @param high the sum of the first numbers
 * @param low the sum of the second ones
 */
public record RangeDigest(long rows, long high, long low) {
    public static final RangeDigest EMPTY = new RangeDigest(0, 0, 0);

    /** What a damaged row adds: no place that holds something whole there has the same digest. */
    public static final RangeDigest DAMAGED_ROW = new RangeDigest(1, 0, 0);

    private static final int NUMBERS_BYTES = Long.BYTES + Integer.BYTES;

    /** Of the one row. */
    public static RangeDigest of(Row row) {
        byte[] key = row.key().bytes();
        byte[] hashed = ByteBuffer.allocate(NUMBERS_BYTES + key.length)
                .putLong(row.head().version().bits())
                .putInt(row.head().checksum())
                .put(key)
                .array();
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(hashed));
            return new RangeDigest(1, hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Of all rows together. */
    public static RangeDigest of(Iterable<Row> rows) {
        RangeDigest sum = EMPTY;
        for (Row row : rows) {
            sum = sum.plus(of(row));
        }
        return sum;
    }

    public RangeDigest plus(RangeDigest other) {
        return new RangeDigest(rows + other.rows, high + other.high, low + other.low);
    }
}

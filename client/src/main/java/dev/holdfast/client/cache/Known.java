package dev.holdfast.client.cache;

/**
 * What a server once said of a key.
 *
 * @param version sixteen hexadecimal digits; empty for an absence that came without one
 * @param present false when it said that there is no such key
 * @param value not to be changed
 * @param metadata JSON; empty for none
 * @param expiration seconds since 1970; {@link #NEVER} for none
 * @param home the server's word for where it had it from
 * @param confirmed whether the server vouched for it
 * @param vouchedAt milliseconds since 1970 when it was so
 */
public record Known(
        String version,
        boolean present,
        byte[] value,
        String metadata,
        long expiration,
        String home,
        boolean confirmed,
        long vouchedAt) {
    public static final long NEVER = 0;

    private static final byte[] NOTHING = {};

    public static Known absent(String version, String home, boolean confirmed, long vouchedAt) {
        return new Known(version, false, NOTHING, "", NEVER, home, confirmed, vouchedAt);
    }

    /** The same, found to be so again. */
    public Known vouched(boolean again, long millis) {
        return new Known(version, present, value, metadata, expiration, home, again, millis);
    }

    /** Versions have a fixed width, so the order of their text is theirs. False when either is unknown. */
    public boolean olderThan(String other) {
        return !version.isEmpty() && !other.isEmpty() && version.compareTo(other) < 0;
    }

    boolean expired(long wallMillis) {
        return expiration != NEVER && expiration <= Math.floorDiv(wallMillis, 1000L);
    }
}

package dev.holdfast.engine.kv;

/**
 * A record without its value: all that listing and comparing need.
 *
 * @param expiration seconds since the Unix epoch, {@link Record#NEVER} for none
 * @param sealed whether metadata and value are ciphertext
 * @param metadata JSON in UTF-8, empty for none
 * @param valueBytes size of the value in bytes, as it lies there
 * @param checksum the CRC-32C that ends the record's encoded form: equal versions with different checksums are two
 *     different records
 */
public record Head(
        Version version,
        boolean tombstone,
        boolean sealed,
        long expiration,
        byte[] metadata,
        int valueBytes,
        int checksum) {

    /** Of a record whose content is in the clear. */
    public Head(Version version, boolean tombstone, long expiration, byte[] metadata, int valueBytes, int checksum) {
        this(version, tombstone, false, expiration, metadata, valueBytes, checksum);
    }

    /** The same, its content in the clear. */
    public Head opened(byte[] clearMetadata, int clearBytes) {
        return new Head(version, tombstone, false, expiration, clearMetadata, clearBytes, checksum);
    }

    /** Whether a reader sees a value here: neither deleted nor expired. */
    public boolean alive(long wallMillis) {
        return !tombstone && !expired(wallMillis);
    }

    public boolean expired(long wallMillis) {
        return expiration != Record.NEVER && expiration <= Math.floorDiv(wallMillis, 1000);
    }

    /** Without the address of the metadata's array, so that it reads the same each time. */
    @Override
    public String toString() {
        return version
                + (tombstone ? " deleted" : " " + valueBytes + (sealed ? " sealed bytes" : " bytes"))
                + (expiration == Record.NEVER ? "" : " until " + expiration);
    }

    public boolean sameAs(Head other) {
        return version.equals(other.version) && checksum == other.checksum;
    }
}

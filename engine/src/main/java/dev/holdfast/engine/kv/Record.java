package dev.holdfast.engine.kv;

import java.util.Arrays;

/**
 * What a key holds at one version: a value with metadata and expiration, or a tombstone, which says that the key was deleted
 * then.
 *
 * <p>Immutable, as long as nobody writes to the arrays: they are not copied.
 *
 * @param expiration seconds since the Unix epoch from which the record counts as deleted; {@link #NEVER} for none
 * @param sealed whether metadata and value are ciphertext, as they lie at providers; see docs/encryption.md
 * @param metadata JSON in UTF-8 as the writer sent it; empty for none
 */
public record Record(
        Version version, boolean tombstone, boolean sealed, long expiration, byte[] metadata, byte[] value) {

    public static final long NEVER = 0;
    private static final byte[] NOTHING = {};

    public Record {
        if (tombstone && (sealed || metadata.length > 0 || value.length > 0 || expiration != NEVER)) {
            throw new IllegalArgumentException("a tombstone holds nothing");
        }
    }

    /** One whose content is in the clear. */
    public Record(Version version, boolean tombstone, long expiration, byte[] metadata, byte[] value) {
        this(version, tombstone, false, expiration, metadata, value);
    }

    public static Record of(Version version, byte[] value) {
        return new Record(version, false, NEVER, NOTHING, value);
    }

    public static Record of(Version version, long expiration, byte[] metadata, byte[] value) {
        return new Record(version, false, expiration, metadata, value);
    }

    public static Record tombstone(Version version) {
        return new Record(version, true, NEVER, NOTHING, NOTHING);
    }

    /** The same, its content as ciphertext. */
    public Record sealed(byte[] sealedMetadata, byte[] sealedValue) {
        return new Record(version, false, true, expiration, sealedMetadata, sealedValue);
    }

    /** The same, its content in the clear. */
    public Record opened(byte[] clearMetadata, byte[] clearValue) {
        return new Record(version, false, false, expiration, clearMetadata, clearValue);
    }

    /** The same content in the clear, written at another version. */
    public Record at(Version other) {
        if (sealed) {
            throw new IllegalStateException("what is sealed is so for its version");
        }
        return new Record(other, tombstone, expiration, metadata, value);
    }

    public boolean expired(long wallMillis) {
        return expiration != NEVER && expiration <= Math.floorDiv(wallMillis, 1000);
    }

    /** Whether a reader sees a value here: neither deleted nor expired. */
    public boolean alive(long wallMillis) {
        return !tombstone && !expired(wallMillis);
    }

    /**
     * The one of two records of the same key that stays: the newer version; for equal versions, which only a fault can
     * produce, the one whose bytes order later, so that every home settles alike; of the same record in the clear and sealed, which is
     * made from it, the sealed one. Commutative, associative, idempotent.
     */
    public static Record merge(Record a, Record b) {
        int order = a.version.compareTo(b.version);
        if (order == 0) {
            order = Boolean.compare(a.tombstone, b.tombstone);
        }
        if (order == 0) {
            order = Boolean.compare(a.sealed, b.sealed);
        }
        if (order == 0) {
            order = Long.compare(a.expiration, b.expiration);
        }
        if (order == 0) {
            order = Arrays.compareUnsigned(a.metadata, b.metadata);
        }
        if (order == 0) {
            order = Arrays.compareUnsigned(a.value, b.value);
        }
        return order >= 0 ? a : b;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Record other
                && version.equals(other.version)
                && tombstone == other.tombstone
                && sealed == other.sealed
                && expiration == other.expiration
                && Arrays.equals(metadata, other.metadata)
                && Arrays.equals(value, other.value);
    }

    @Override
    public int hashCode() {
        return version.hashCode() * 31 + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "Record[" + version
                + (tombstone ? " tombstone" : " " + value.length + (sealed ? " sealed bytes" : " bytes"))
                + "]";
    }
}

package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * What the name of an object says of the record in it, after the key: all of its head but the metadata and the value's size, which
 * follows from the object's.
 *
 * <p>The digest lets a listing tell that an object holds what was written: stores list the MD5 of what they hold as the entity tag. The
 * nonce makes each attempt to write an object of its own, so that a name, once deleted, never comes back, and a delete that is
 * late hits nothing else.
 *
 * @param digest the first 64 bits of the MD5 of the body
 */
record Label(
        Version version,
        int checksum,
        boolean tombstone,
        boolean sealed,
        long expiration,
        int metadataBytes,
        long digest,
        int nonce) {

    private static final HexFormat HEX = HexFormat.of();
    private static final int PARTS = 7;
    private static final Set<String> KINDS = Set.of("d", "v", "s");

    static Label of(Head head, byte[] md5, int nonce) {
        return new Label(
                head.version(),
                head.checksum(),
                head.tombstone(),
                head.sealed(),
                head.expiration(),
                head.metadata().length,
                HexFormat.fromHexDigitsToLong(HEX.formatHex(md5, 0, 8)),
                nonce);
    }

    static byte[] md5(byte[] body) {
        try {
            return MessageDigest.getInstance("MD5").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    String text() {
        return Versions.inverted(version)
                + '-'
                + HEX.toHexDigits(checksum)
                + '-'
                + kind()
                + '-'
                + Long.toHexString(expiration)
                + '-'
                + Integer.toHexString(metadataBytes)
                + '-'
                + HEX.toHexDigits(digest)
                + '-'
                + HEX.toHexDigits(nonce);
    }

    private char kind() {
        if (tombstone) {
            return 'd';
        }
        return sealed ? 's' : 'v';
    }

    /** @throws IllegalArgumentException when it is none */
    static Label parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != PARTS || !KINDS.contains(parts[2])) {
            throw new IllegalArgumentException("no label of a record: " + text);
        }
        return new Label(
                Versions.of(parts[0]),
                HexFormat.fromHexDigits(parts[1]),
                parts[2].equals("d"),
                parts[2].equals("s"),
                HexFormat.fromHexDigitsToLong(parts[3]),
                HexFormat.fromHexDigits(parts[4]),
                HexFormat.fromHexDigitsToLong(parts[5]),
                HexFormat.fromHexDigits(parts[6]));
    }

    /** Whether an object of this size and entity tag is known to be the one that was written under this label. */
    boolean attestedBy(long size, String entityTag) {
        return valueBytes(size) >= 0 && entityTag.length() == 32 && entityTag.startsWith(HEX.toHexDigits(digest));
    }

    boolean sameRecord(Label other) {
        return version.equals(other.version) && checksum == other.checksum && digest == other.digest;
    }

    boolean describes(Record record, int recordChecksum) {
        return record.version().equals(version) && recordChecksum == checksum;
    }

    Head head(byte[] metadata, long size) {
        return new Head(version, tombstone, sealed, expiration, metadata, (int) valueBytes(size), checksum);
    }

    private long valueBytes(long size) {
        return size - RecordFormat.OVERHEAD - metadataBytes;
    }
}

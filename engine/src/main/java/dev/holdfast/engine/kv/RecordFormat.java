package dev.holdfast.engine.kv;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The one form in which a record lies at every provider, byte for byte. The document is docs/on-provider-format.md; a change
 * here is a new format version there.
 *
 * <pre>
 * offset  size  field                                        (all numbers big-endian)
 *      0     2  magic "HF"
 *      2     1  format version, 1
 *      3     1  flags: bit 0 tombstone, bit 1 sealed; all others must be 0
 *      4     8  version
 *     12     8  expiration, Unix seconds, 0 = never
 *     20     2  metadata length M
 *     22     4  value length V
 *     26     M  metadata
 *   26+M     V  value
 * 26+M+V     4  CRC-32C of namespace id (16 bytes), key, and all bytes before this field
 * </pre>
 *
 * The checksum covers the namespace and the key, which are not stored in the record, so a record handed out for another key is
 * found out like any other damage.
 */
public final class RecordFormat {
    private static final short MAGIC = 0x4846;
    private static final byte FORMAT = 1;
    private static final int TOMBSTONE = 1;
    private static final int SEALED = 2;
    private static final int VERSION_AT = 4;
    private static final int METADATA_AT = 26;
    private static final int METADATA_MAX = 0xffff;
    private static final int CHECKSUM_BYTES = 4;

    /** How many bytes a record takes beside its metadata and value. */
    public static final int OVERHEAD = METADATA_AT + CHECKSUM_BYTES;

    /** The shortest beginning of an encoded record from which {@link #peekVersion} can read. */
    public static final int PEEK_BYTES = VERSION_AT + 8;

    private RecordFormat() {}

    /** @throws IllegalArgumentException when the metadata is longer than its length field can tell */
    public static byte[] encode(NamespaceId namespace, Key key, Record record) {
        int body = METADATA_AT + record.metadata().length + record.value().length;
        ByteBuffer out = ByteBuffer.allocate(body + CHECKSUM_BYTES);
        putFixed(out, record);
        out.put(record.metadata()).put(record.value());
        out.putInt(checksum(namespace, key, out.array(), body));
        return out.array();
    }

    /** The part before the metadata. */
    private static void putFixed(ByteBuffer out, Record record) {
        if (record.metadata().length > METADATA_MAX) {
            throw new IllegalArgumentException("metadata of " + record.metadata().length + " bytes has no form");
        }
        out.putShort(MAGIC).put(FORMAT).put((byte) flags(record));
        out.putLong(record.version().bits()).putLong(record.expiration());
        out.putShort((short) record.metadata().length).putInt(record.value().length);
    }

    private static int flags(Record record) {
        return (record.tombstone() ? TOMBSTONE : 0) | (record.sealed() ? SEALED : 0);
    }

    /** Whether the byte of flags at offset 3 of a record says that its content is ciphertext. */
    public static boolean sealed(byte flags) {
        return (flags & SEALED) != 0;
    }

    /** @throws DamagedRecord when the bytes are not exactly what {@link #encode} made for this namespace and key */
    public static Record decode(NamespaceId namespace, Key key, byte[] bytes) throws DamagedRecord {
        Layout at = layout(bytes, bytes.length);
        int stored = at.in.getInt(at.valueEnd);
        if (stored != checksum(namespace, key, bytes, at.valueEnd)) {
            throw new DamagedRecord("checksum does not match");
        }
        return new Record(
                at.version,
                at.tombstone,
                at.sealed,
                at.expiration,
                Arrays.copyOfRange(bytes, METADATA_AT, at.valueStart),
                Arrays.copyOfRange(bytes, at.valueStart, at.valueEnd));
    }

    /** Like {@link #decode}, without the value; the checksum is verified all the same. */
    public static Head head(NamespaceId namespace, Key key, byte[] bytes) throws DamagedRecord {
        Layout at = layout(bytes, bytes.length);
        int stored = at.in.getInt(at.valueEnd);
        if (stored != checksum(namespace, key, bytes, at.valueEnd)) {
            throw new DamagedRecord("checksum does not match");
        }
        return new Head(
                at.version,
                at.tombstone,
                at.sealed,
                at.expiration,
                Arrays.copyOfRange(bytes, METADATA_AT, at.valueStart),
                at.valueEnd - at.valueStart,
                stored);
    }

    /**
     * The head of an encoded record whose checksum the caller has verified where the record lies, without having its value here.
     *
     * @param beginning of the record, up to the end of its metadata or further
     * @param length of the whole record
     * @param checksum its last 4 bytes
     * @throws DamagedRecord when this is not the beginning of a record of that length
     */
    public static Head headOfVerified(byte[] beginning, long length, int checksum) throws DamagedRecord {
        Layout at = layout(beginning, length);
        if (at.valueStart > beginning.length) {
            throw new DamagedRecord("cut short within its metadata, at " + beginning.length + " bytes");
        }
        return new Head(
                at.version,
                at.tombstone,
                at.sealed,
                at.expiration,
                Arrays.copyOfRange(beginning, METADATA_AT, at.valueStart),
                at.valueEnd - at.valueStart,
                checksum);
    }

    /** The head that {@link #head} would read from the encoded form of {@code record}. */
    public static Head headOf(NamespaceId namespace, Key key, Record record) {
        ByteBuffer fixed = ByteBuffer.allocate(METADATA_AT);
        putFixed(fixed, record);
        CRC32C crc = checksumOf(namespace, key);
        crc.update(fixed.array());
        crc.update(record.metadata());
        crc.update(record.value());
        return new Head(
                record.version(),
                record.tombstone(),
                record.sealed(),
                record.expiration(),
                record.metadata(),
                record.value().length,
                (int) crc.getValue());
    }

    /**
     * The version in the first {@link #PEEK_BYTES} of an encoded record, without any check of the rest.
     *
     * @throws DamagedRecord when even the beginning is not that of a record
     */
    public static Version peekVersion(byte[] bytes, int length) throws DamagedRecord {
        if (length < PEEK_BYTES) {
            throw new DamagedRecord("cut short at " + length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        requireKnownFormat(in);
        return new Version(in.getLong(VERSION_AT));
    }

    private record Layout(
            ByteBuffer in,
            Version version,
            boolean tombstone,
            boolean sealed,
            long expiration,
            int valueStart,
            int valueEnd) {}

    /** @param length of the whole record, of which {@code bytes} may be only the beginning */
    private static Layout layout(byte[] bytes, long length) throws DamagedRecord {
        if (length < OVERHEAD || bytes.length < METADATA_AT) {
            throw new DamagedRecord("cut short at " + Math.min(length, bytes.length) + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        requireKnownFormat(in);
        int flags = in.get(3);
        if ((flags & ~(TOMBSTONE | SEALED)) != 0 || flags == (TOMBSTONE | SEALED)) {
            throw new DamagedRecord("unknown flags");
        }
        int valueStart = METADATA_AT + (in.getShort(20) & 0xffff);
        long valueEnd = (long) valueStart + (in.getInt(22) & 0xffffffffL);
        if (valueEnd + CHECKSUM_BYTES != length) {
            throw new DamagedRecord("lengths do not add up to " + length + " bytes");
        }
        boolean tombstone = (flags & TOMBSTONE) != 0;
        long expiration = in.getLong(12);
        if (tombstone && (valueEnd != METADATA_AT || expiration != Record.NEVER)) {
            throw new DamagedRecord("a tombstone with content");
        }
        return new Layout(
                in, new Version(in.getLong(VERSION_AT)), tombstone, sealed((byte) flags), expiration, valueStart, (int)
                        valueEnd);
    }

    private static void requireKnownFormat(ByteBuffer in) throws DamagedRecord {
        if (in.getShort(0) != MAGIC) {
            throw new DamagedRecord("does not begin as a record");
        }
        if (in.get(2) != FORMAT) {
            throw new DamagedRecord("format version " + in.get(2) + " is not known here");
        }
    }

    private static int checksum(NamespaceId namespace, Key key, byte[] bytes, int length) {
        CRC32C crc = checksumOf(namespace, key);
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static CRC32C checksumOf(NamespaceId namespace, Key key) {
        CRC32C crc = new CRC32C();
        ByteBuffer id = ByteBuffer.allocate(NamespaceId.BYTES);
        id.putLong(namespace.high()).putLong(namespace.low());
        crc.update(id.array());
        crc.update(key.bytes());
        return crc;
    }
}

package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An encoded record cut up for its row, so that a scan need not move values: {@code head}, {@code tail} and the chunks, one after the
 * other, are the encoded record.
 *
 * @param head the whole record up to {@link #WHOLE_BYTES}; of a longer one all that is before the value
 * @param seal nothing when the head is the whole record; otherwise the record's checksum and the CRC-32C of namespace, key, head
 *     and that checksum, by which the head can be told to be undamaged without the value
 * @param tail the rest of the record, nothing when it is in chunks; null when it was not read
 * @param writing under which its chunks lie; {@link #NO_CHUNKS} when there are none
 */
record StoredRow(byte[] head, byte[] seal, byte @Nullable [] tail, UUID writing, int chunks) {
    static final int WHOLE_BYTES = 1024;
    /** Longer values are in chunks of this size. */
    static final int CHUNK_BYTES = 512 * 1024;

    static final UUID NO_CHUNKS = new UUID(0, 0);
    private static final byte[] NOTHING = {};
    private static final int FIXED_BYTES = 26;
    private static final int CRC_BYTES = 4;

    static boolean chunked(Record record) {
        return record.value().length > CHUNK_BYTES;
    }

    /** Where the value begins. */
    static int headBytes(Record record) {
        return FIXED_BYTES + record.metadata().length;
    }

    /** @param writing under which the chunks lie, where the record is to be in chunks */
    static StoredRow of(NamespaceId namespace, Key key, Record record, byte[] encoded, UUID writing) {
        if (encoded.length <= WHOLE_BYTES) {
            return new StoredRow(encoded, NOTHING, NOTHING, NO_CHUNKS, 0);
        }
        int cut = headBytes(record);
        byte[] head = Arrays.copyOf(encoded, cut);
        byte[] checksum = Arrays.copyOfRange(encoded, encoded.length - CRC_BYTES, encoded.length);
        byte[] seal = seal(namespace, key, head, checksum);
        if (!chunked(record)) {
            return new StoredRow(head, seal, Arrays.copyOfRange(encoded, cut, encoded.length), NO_CHUNKS, 0);
        }
        int chunks = Math.ceilDiv(encoded.length - cut, CHUNK_BYTES);
        return new StoredRow(head, seal, NOTHING, writing, chunks);
    }

    /** @param withTail whether the row was read with its tail */
    static StoredRow read(Row row, boolean withTail) {
        UUID writing = row.getUuid("writing");
        return new StoredRow(
                Blobs.bytes(row.getByteBuffer("head")),
                Blobs.bytes(row.getByteBuffer("seal")),
                withTail ? Blobs.bytes(row.getByteBuffer("tail")) : null,
                writing == null ? NO_CHUNKS : writing,
                row.getInt("chunks"));
    }

    boolean inChunks() {
        return !writing.equals(NO_CHUNKS);
    }

    int bytes() {
        return head.length + seal.length + (tail == null ? 0 : tail.length);
    }

    Head head(NamespaceId namespace, Key key) throws DamagedRecord {
        return head(namespace, key, head, seal);
    }

    /** The head of a record, verified by its seal where it is not the whole of it. */
    static Head head(NamespaceId namespace, Key key, byte[] head, byte[] seal) throws DamagedRecord {
        if (seal.length == 0) {
            return RecordFormat.head(namespace, key, head);
        }
        byte[] checksum = Arrays.copyOf(seal, CRC_BYTES);
        if (head.length < FIXED_BYTES || !Arrays.equals(seal, seal(namespace, key, head, checksum))) {
            throw new DamagedRecord("the head does not match its seal");
        }
        // What is sealed is what RecordFormat made.
        ByteBuffer in = ByteBuffer.wrap(head);
        return new Head(
                new Version(in.getLong(4)),
                (in.get(3) & 1) != 0,
                RecordFormat.sealed(in.get(3)),
                in.getLong(12),
                Arrays.copyOfRange(head, FIXED_BYTES, head.length),
                in.getInt(22),
                ByteBuffer.wrap(checksum).getInt());
    }

    private static byte[] seal(NamespaceId namespace, Key key, byte[] head, byte[] checksum) {
        CRC32C crc = new CRC32C();
        crc.update(Blobs.of(namespace));
        crc.update(key.bytes());
        crc.update(head);
        crc.update(checksum);
        return ByteBuffer.allocate(2 * CRC_BYTES)
                .put(checksum)
                .putInt((int) crc.getValue())
                .array();
    }
}

package dev.holdfast.engine.provider.large;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the place of a large value, so that a scan of heads tells all that comparing needs: a record without value, whose metadata
 * begin with this. Metadata are JSON otherwise, which no zero byte begins; a record whose metadata begin like a reference for another
 * reason has its value put away whatever its size, so that there is never a doubt.
 *
 * <pre>
 * offset  size  field                                        (all numbers big-endian)
 *      0     4  00 'H' 'F' 'L'
 *      4     1  format, 1
 *      5     8  writing: names the blob, rises with each
 *     13     4  length of the value
 *     17     4  checksum of the whole record, as docs/on-provider-format.md has it
 *     21        the record's metadata
 * </pre>
 *
 * @param writing no two blobs have the same
 * @param valueBytes of the value that is elsewhere
 * @param checksum of the whole record
 * @param metadata of the whole record
 */
record Reference(long writing, int valueBytes, int checksum, byte[] metadata) {
    private static final byte[] MARK = {0, 'H', 'F', 'L', 1};
    private static final int BYTES = MARK.length + Long.BYTES + Integer.BYTES + Integer.BYTES;
    private static final byte[] NOTHING = {};
    private static final int NAME_BYTES = 16;

    static Reference to(NamespaceId namespace, Key key, Record whole, long writing) {
        Head head = RecordFormat.headOf(namespace, key, whole);
        return new Reference(writing, head.valueBytes(), head.checksum(), whole.metadata());
    }

    /** Whether metadata begin as one does. */
    static boolean begins(byte[] metadata) {
        return metadata.length >= MARK.length && Arrays.equals(metadata, 0, MARK.length, MARK, 0, MARK.length);
    }

    /** @return null when the metadata are a record's own */
    static @Nullable Reference read(byte[] metadata) {
        if (metadata.length < BYTES || !begins(metadata)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(metadata, MARK.length, metadata.length - MARK.length);
        return new Reference(
                in.getLong(), in.getInt(), in.getInt(), Arrays.copyOfRange(metadata, BYTES, metadata.length));
    }

    /** The record that stands for the whole one. */
    Record standIn(Record whole) {
        byte[] bytes = ByteBuffer.allocate(BYTES + metadata.length)
                .put(MARK)
                .putLong(writing)
                .putInt(valueBytes)
                .putInt(checksum)
                .put(metadata)
                .array();
        return new Record(whole.version(), false, whole.sealed(), whole.expiration(), bytes, NOTHING);
    }

    /** The head of the whole record, from that of the one that stands for it. */
    Head head(Head standIn) {
        return new Head(
                standIn.version(), false, standIn.sealed(), standIn.expiration(), metadata, valueBytes, checksum);
    }

    /** The whole record again. */
    Record whole(Record standIn, byte[] value) {
        return new Record(standIn.version(), false, standIn.sealed(), standIn.expiration(), metadata, value);
    }

    /** Under which key the value is: all of one key beside each other, and no name of any other thing in it that could be too long. */
    Key blob(NamespaceId namespace, Key key, Version version) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(owner(namespace, key));
            return Key.of(HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES) + "/" + version + "/"
                    + HexFormat.of().toHexDigits(writing));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whose value it is, as the blob says. */
    static byte[] owner(NamespaceId namespace, Key key) {
        byte[] name = key.bytes();
        return ByteBuffer.allocate(NamespaceId.BYTES + name.length)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .put(name)
                .array();
    }
}

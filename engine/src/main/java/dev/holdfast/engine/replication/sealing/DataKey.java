package dev.holdfast.engine.replication.sealing;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.KeyRef;
import java.nio.ByteBuffer;
import javax.crypto.SecretKey;

/**
 * One of the keys under which the records of a namespace are sealed. Metadata and value are boxes of their own, so that a listing shows
 * metadata without having values; no metadata stays none. Both are bound to namespace, key, version and expiration, and the value to the
 * metadata beside it. Immutable.
 */
record DataKey(Box.Label label, SecretKey secret) {
    private static final byte METADATA = 1;
    private static final byte VALUE = 2;

    Record seal(KeyRef ref, Record clear) {
        byte[] metadata = clear.metadata().length == 0
                ? clear.metadata()
                : Box.seal(
                        secret,
                        label,
                        what(METADATA, ref, clear.version().bits(), clear.expiration()),
                        clear.metadata());
        byte[] value = Box.seal(secret, label, ofValue(ref, clear, metadata), clear.value());
        return clear.sealed(metadata, value);
    }

    Record open(KeyRef ref, Record sealed) throws DamagedRecord {
        byte[] value = Box.open(secret, ofValue(ref, sealed, sealed.metadata()), sealed.value());
        // What the value vouches for was made with it, under the same key.
        byte[] metadata = metadata(ref, sealed.version().bits(), sealed.expiration(), sealed.metadata());
        return sealed.opened(metadata, value);
    }

    Head open(KeyRef ref, Head sealed) throws DamagedRecord {
        byte[] metadata = metadata(ref, sealed.version().bits(), sealed.expiration(), sealed.metadata());
        return sealed.opened(metadata, Math.max(0, sealed.valueBytes() - Box.OVERHEAD));
    }

    private byte[] metadata(KeyRef ref, long version, long expiration, byte[] metadata) throws DamagedRecord {
        return metadata.length == 0 ? metadata : Box.open(secret, what(METADATA, ref, version, expiration), metadata);
    }

    private static byte[] ofValue(KeyRef ref, Record record, byte[] sealedMetadata) {
        byte[] what = what(VALUE, ref, record.version().bits(), record.expiration());
        return ByteBuffer.allocate(what.length + sealedMetadata.length)
                .put(what)
                .put(sealedMetadata)
                .array();
    }

    /** What a box is, unlike what any other one is. */
    private static byte[] what(byte part, KeyRef ref, long version, long expiration) {
        byte[] name = ref.bytes();
        return ByteBuffer.allocate(1 + 2 * Long.BYTES + Short.BYTES + name.length)
                .put(part)
                .putLong(version)
                .putLong(expiration)
                .putShort((short) name.length)
                .put(name)
                .array();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "DataKey[" + label + "]";
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Seals;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import org.jspecify.annotations.Nullable;

/**
 * How what is near lies on this node's disk: of a sealed namespace as ciphertext, and not at all where this node has no key. Thread-safe.
 */
final class AtRest {
    private final Seals seals;

    AtRest(Seals seals) {
        this.seals = seals;
    }

    /** The encoded record; null when it may not lie there. */
    byte @Nullable [] encode(KeyRef ref, Record record) {
        try {
            return RecordFormat.encode(ref.namespace(), ref.key(), seals.seal(ref, record));
        } catch (KeyMissing missing) {
            return null;
        }
    }

    /** @throws DamagedRecord also when it does not open here */
    Record decode(KeyRef ref, byte[] encoded) throws DamagedRecord {
        Record record = RecordFormat.decode(ref.namespace(), ref.key(), encoded);
        try {
            return seals.open(ref, record);
        } catch (KeyMissing missing) {
            throw new DamagedRecord("sealed: " + missing.getMessage());
        }
    }
}

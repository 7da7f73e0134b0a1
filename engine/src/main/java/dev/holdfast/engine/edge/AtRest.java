package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import org.jspecify.annotations.Nullable;

/**
 * How what is near lies on this node's disk: of a sealed namespace as ciphertext, and not at all where this node has no key, or is outside
 * of its jurisdiction. Thread-safe.
 */
final class AtRest {
    private final Rules rules;

    AtRest(Rules rules) {
        this.rules = rules;
    }

    /** The encoded record; null when it may not lie there. */
    byte @Nullable [] encode(KeyRef ref, Record record) {
        if (!rules.residency().here(ref.namespace())) {
            return null;
        }
        try {
            return RecordFormat.encode(ref.namespace(), ref.key(), rules.seals().seal(ref, record));
        } catch (KeyMissing missing) {
            return null;
        }
    }

    /** @throws DamagedRecord also when it does not open here */
    Record decode(KeyRef ref, byte[] encoded) throws DamagedRecord {
        Record record = RecordFormat.decode(ref.namespace(), ref.key(), encoded);
        try {
            return rules.seals().open(ref, record);
        } catch (KeyMissing missing) {
            throw new DamagedRecord("sealed: " + missing.getMessage());
        }
    }
}

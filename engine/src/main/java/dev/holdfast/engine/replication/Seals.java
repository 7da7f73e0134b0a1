package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import java.util.Set;

/**
 * Makes ciphertext of what namespaces with a key hold, above the fan-out, and opens it again (DESIGN rule 25): what lies at providers, in
 * hints and in logs is the sealed record, the same bytes everywhere. Tombstones hold nothing and are never sealed. Thread-safe.
 */
public interface Seals {

    /** The key that it takes is not here, or is another one than it is called after. The sentence names the key and never its bytes. */
    final class KeyMissing extends Exception {
        private static final long serialVersionUID = 1;

        public KeyMissing(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** Whether this node has any key. */
    boolean any();

    /** Whether what is written to the namespace is sealed. */
    boolean sealing(NamespaceId namespace);

    /** The namespaces of which what is written is sealed. */
    Set<NamespaceId> sealed();

    /**
     * The record as it may lie at a provider, at its version: the same one for the same content and key, whoever seals it. As it is when
     * the namespace has no key, or it is sealed already.
     */
    Record seal(KeyRef ref, Record record) throws KeyMissing;

    /**
     * The record in the clear; as it is when it is not sealed.
     *
     * @throws DamagedRecord when it is not what was sealed for this namespace, key, version and expiration
     */
    Record open(KeyRef ref, Record record) throws KeyMissing, DamagedRecord;

    /** The same of a head. */
    Head open(KeyRef ref, Head head) throws KeyMissing, DamagedRecord;

    /** Says what {@link #open} would say of damage, as far as the key is at hand. Waits for nothing. */
    void verify(KeyRef ref, Record record) throws DamagedRecord;

    /** For a node without keys and a store without sealed namespaces. */
    Seals NONE = new Seals() {
        @Override
        public boolean any() {
            return false;
        }

        @Override
        public boolean sealing(NamespaceId namespace) {
            return false;
        }

        @Override
        public Set<NamespaceId> sealed() {
            return Set.of();
        }

        @Override
        public Record seal(KeyRef ref, Record record) {
            return record;
        }

        @Override
        public Record open(KeyRef ref, Record record) throws KeyMissing {
            if (record.sealed()) {
                throw new KeyMissing("This node has no key for what is sealed.");
            }
            return record;
        }

        @Override
        public Head open(KeyRef ref, Head head) throws KeyMissing {
            if (head.sealed()) {
                throw new KeyMissing("This node has no key for what is sealed.");
            }
            return head;
        }

        @Override
        public void verify(KeyRef ref, Record record) {}
    };
}

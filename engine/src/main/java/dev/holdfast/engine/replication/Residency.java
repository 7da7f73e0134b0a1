package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;

/**
 * Where records of each namespace may lie. A namespace has its jurisdiction from its making to its end, so that nothing lies where it may not
 * lie by a change of mind. The store's own records, which are names and no content, lie everywhere. Thread-safe.
 */
public interface Residency {

    /** Whether there is anywhere where records of the namespace may not lie. */
    boolean restricts(NamespaceId namespace);

    /** Whether its records may lie at a provider. */
    boolean at(NamespaceId namespace, String provider);

    /** Whether they may lie on this node's own disk: in its hints, its log of changes and its cache. */
    boolean here(NamespaceId namespace);

    /** Whether it is known where they may lie. Until then they are brought nowhere. */
    boolean known(NamespaceId namespace);

    /** For a store in one jurisdiction. */
    Residency ANYWHERE = new Residency() {
        @Override
        public boolean restricts(NamespaceId namespace) {
            return false;
        }

        @Override
        public boolean at(NamespaceId namespace, String provider) {
            return true;
        }

        @Override
        public boolean here(NamespaceId namespace) {
            return true;
        }

        @Override
        public boolean known(NamespaceId namespace) {
            return true;
        }
    };
}

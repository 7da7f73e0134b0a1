package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.replication.SystemRecords;
import java.util.Map;
import java.util.Optional;

/**
 * Named entries that every node and every provider keeps. Reads come from memory and need no provider; writes are durable at
 * this node before they return and reach the providers as soon as those can take them.
 *
 * <p>Of two entries under one name the higher rank wins, whatever their versions; then the newer version. So a revocation or a
 * deletion is given a rank above what it ends, and wins over any concurrent change (DESIGN rule 23).
 * Entries carry a MAC under the cluster key, which providers do not have; an entry whose MAC is wrong is ignored and counted.
 *
 * <p>Thread-safe.
 */
public interface Catalogue {

    /** Before the id of a namespace: the name of its entry. */
    String NAMESPACES = SystemRecords.NAMESPACES;

    /** Before the id of a namespace: such an entry has what is written there be ciphertext; see {@code sealing}. */
    String SEALINGS = "sealing/";

    /** The rank of what can never be undone: a revoked token, a purged namespace. */
    long TERMINAL = Long.MAX_VALUE;

    /** @param rank 0 for an ordinary entry, up to {@link #TERMINAL} */
    record Entry(byte[] content, long rank) {}

    /** The node's disk did not take the change; nothing has changed. */
    final class NotKept extends Exception {
        private static final long serialVersionUID = 1;

        public NotKept(String sentence) {
            super(sentence);
        }
    }

    Optional<Entry> get(String name);

    /** All entries whose names begin with {@code prefix}, in the order of names. */
    Map<String, Entry> entries(String prefix);

    /** @throws NotKept when it is not durable at this node */
    void put(String name, Entry entry) throws NotKept;

    /** The entry, asked of the providers when this node has none under that name. */
    default Optional<Entry> fetch(String name) {
        return get(name);
    }

    /** Whether it is known that neither this node nor the providers have an entry under that name. */
    default boolean lacks(String name) {
        return get(name).isEmpty();
    }

    /**
     * Whether this node would have any entry by now that others have made about what {@code name} is the entry of: it has been given the whole
     * catalogue once, or has itself made that one.
     */
    default boolean wholeFor(String name) {
        return true;
    }

    /** Whether the providers have an entry under that name which was not made under this store's key. */
    default boolean forged(String name) {
        return false;
    }

    /** Takes the entry to the providers now. @return whether it is durable there */
    default boolean spread(String name) {
        return get(name).isPresent();
    }
}

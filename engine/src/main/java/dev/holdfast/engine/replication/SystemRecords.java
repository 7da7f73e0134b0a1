package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The store's own records, in the system namespace, kept at every provider like any other. Thread-safe. */
public interface SystemRecords {

    /** Before the name of an entry of the catalogue, in the key of its record. */
    String CATALOGUE = "catalogue/";

    /** Before the id of a namespace, in the name of its entry. */
    String NAMESPACES = "namespace/";

    /** What comes before a namespace's id in the key of its entry in the catalogue. */
    String NAMESPACE_ENTRY = CATALOGUE + NAMESPACES;

    /** @return whether it is durable at the providers' side */
    boolean put(Key key, byte[] value);

    /** @return whether the deletion is durable at the providers' side */
    boolean delete(Key key);

    Optional<byte[]> get(Key key);

    /** Whether it is known that there is none. */
    default boolean lacks(Key key) {
        return false;
    }

    /** Whether there is such a record; empty when nobody can say now. */
    default Optional<Boolean> has(Key key) {
        if (get(key).isPresent()) {
            return Optional.of(true);
        }
        return lacks(key) ? Optional.of(false) : Optional.empty();
    }

    /**
     * Hands over every record whose key begins with {@code prefix}.
     *
     * @return whether the list was complete, and none of the records is missing
     */
    boolean each(byte[] prefix, BiConsumer<Key, Record> record);

    /**
     * The same of what each provider holds, whether or not its word counts.
     *
     * @return whether every provider there is has given all it has, and none of them is a new, wiped or restored place: then there is
     *     nothing else that was ever acknowledged
     */
    default boolean eachHeld(byte[] prefix, BiConsumer<Key, Record> record) {
        return false;
    }
}

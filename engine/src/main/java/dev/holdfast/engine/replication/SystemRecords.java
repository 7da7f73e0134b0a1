package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The store's own records, in the system namespace, kept at every provider like any other. Thread-safe. */
public interface SystemRecords {

    /** What comes before a namespace's id in the key of its entry in the catalogue. */
    String NAMESPACE_ENTRY = "catalogue/namespace/";

    /** @return whether it is durable at the providers' side */
    boolean put(Key key, byte[] value);

    /** @return whether the deletion is durable at the providers' side */
    boolean delete(Key key);

    Optional<byte[]> get(Key key);

    /** Whether it is known that there is none. */
    default boolean lacks(Key key) {
        return false;
    }

    /**
     * Hands over every record whose key begins with {@code prefix}.
     *
     * @return whether the list was complete, and none of the records is missing
     */
    boolean each(byte[] prefix, BiConsumer<Key, Record> record);
}

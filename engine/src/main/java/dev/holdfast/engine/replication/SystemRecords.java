package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The store's own records, in the system namespace, kept at every provider like any other. Thread-safe. */
public interface SystemRecords {

    /** @return whether it is durable at the providers' side */
    boolean put(Key key, byte[] value);

    Optional<byte[]> get(Key key);

    /**
     * Hands over every record whose key begins with {@code prefix}.
     *
     * @return whether the list was complete
     */
    boolean each(byte[] prefix, BiConsumer<Key, byte[]> record);
}

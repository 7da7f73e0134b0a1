package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import org.jspecify.annotations.Nullable;

/** A store that tells of what is written to it, for {@link StoredUse}. Thread-safe. */
public record CountedStore(Store store, StoredUse stored) implements Store {

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        return store.get(namespace, key, mode);
    }

    /** What may have happened counts as what has. */
    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return counted(
                store.put(namespace, key, value, metadata, expiration, condition),
                namespace,
                key,
                value.length,
                metadata.length);
    }

    @Override
    public Written restore(Namespace namespace, Key key, Record record) {
        Written written = store.restore(namespace, key, record);
        return counted(written, namespace, key, record.value().length, record.metadata().length);
    }

    private Written counted(Written written, Namespace namespace, Key key, int value, int metadata) {
        if (written instanceof Written.Acknowledged || written instanceof Written.Unknown) {
            stored.written(namespace.id(), StoredUse.bytes(key, value, metadata));
        }
        return written;
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return store.delete(namespace, key, condition);
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return store.list(namespace, prefix, after, limit);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return store.explain(namespace, key);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }
}

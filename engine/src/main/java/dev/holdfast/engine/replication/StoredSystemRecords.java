package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The system namespace, reached through the store like any other. */
final class StoredSystemRecords implements SystemRecords {
    private static final int PAGE = 1000;
    private static final Namespace SYSTEM =
            new Namespace(NamespaceId.SYSTEM, "", "", "", "", Namespace.Policy.DEFAULT, 0, 0);

    private final Store store;
    private final RegistryScan scan;

    StoredSystemRecords(Store store, RegistryScan scan) {
        this.store = store;
        this.scan = scan;
    }

    @Override
    public boolean put(Key key, byte[] value) {
        Written written = store.put(SYSTEM, key, value, new byte[0], Record.NEVER, Condition.NONE);
        return written instanceof Written.Acknowledged;
    }

    @Override
    public boolean delete(Key key) {
        return store.delete(SYSTEM, key, Condition.NONE) instanceof Written.Acknowledged;
    }

    @Override
    public Optional<byte[]> get(Key key) {
        return store.get(NamespaceId.SYSTEM, key, ReadMode.CONFIRMED)
                        instanceof Answer.Found(Record record, var freshness)
                ? Optional.of(record.value())
                : Optional.empty();
    }

    @Override
    public boolean lacks(Key key) {
        return store.get(NamespaceId.SYSTEM, key, ReadMode.CONFIRMED) instanceof Answer.Missing missing
                && missing.freshness().confirmed();
    }

    @Override
    public boolean each(byte[] prefix, BiConsumer<Key, Record> record) {
        Key after = null;
        boolean whole = true;
        while (true) {
            if (!(store.list(NamespaceId.SYSTEM, prefix, after, PAGE) instanceof Listing.Keys page)) {
                return false;
            }
            for (Listed listed : page.keys()) {
                switch (store.get(NamespaceId.SYSTEM, listed.key(), ReadMode.CONFIRMED)) {
                    case Answer.Found(Record found, var freshness) -> record.accept(listed.key(), found);
                    case Answer.Missing missing -> whole &= missing.freshness().confirmed();
                    case Answer.Unavailable unavailable -> whole = false;
                }
            }
            if (page.next() == null) {
                return whole && page.confirmed();
            }
            after = page.next();
        }
    }

    @Override
    public boolean eachHeld(byte[] prefix, BiConsumer<Key, Record> record) {
        try {
            return scan.eachHeld(prefix, record);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

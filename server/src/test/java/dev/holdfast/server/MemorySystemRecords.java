package dev.holdfast.server;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.SystemRecords;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** What the store keeps for itself, in memory; nobody can say anything while it is not there. Thread-safe. */
public final class MemorySystemRecords implements SystemRecords {
    public final Map<Key, byte[]> records = new ConcurrentHashMap<>();
    public volatile boolean there = true;

    @Override
    public boolean put(Key key, byte[] value) {
        records.put(key, value);
        return true;
    }

    @Override
    public boolean delete(Key key) {
        records.remove(key);
        return true;
    }

    @Override
    public Optional<byte[]> get(Key key) {
        return there ? Optional.ofNullable(records.get(key)) : Optional.empty();
    }

    @Override
    public boolean lacks(Key key) {
        return there && !records.containsKey(key);
    }

    @Override
    public boolean each(byte[] prefix, BiConsumer<Key, Record> record) {
        if (there) {
            records.forEach((key, value) -> {
                if (key.startsWith(prefix)) {
                    record.accept(key, Record.of(Version.NONE, Record.NEVER, new byte[0], value));
                }
            });
        }
        return there;
    }
}

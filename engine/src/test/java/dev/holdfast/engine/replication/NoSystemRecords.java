package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Every provider is dead: nothing can be written, and nothing is heard. */
public class NoSystemRecords implements SystemRecords {
    @Override
    public boolean put(Key key, byte[] value) {
        return false;
    }

    @Override
    public boolean delete(Key key) {
        return false;
    }

    @Override
    public Optional<byte[]> get(Key key) {
        return Optional.empty();
    }

    @Override
    public boolean each(byte[] prefix, BiConsumer<Key, Record> record) {
        return false;
    }
}

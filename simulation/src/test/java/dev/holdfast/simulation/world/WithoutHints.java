package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk that forgets hints. */
record WithoutHints(LocalStore disk) implements LocalStore {

    @Override
    public Commit queue(Batch batch) {
        Batch kept = new Batch();
        for (Batch.Change change : batch.changes()) {
            byte[] value = change.value();
            if (change.table() != Table.HINTS && value != null) {
                kept.put(change.table(), change.key(), value);
            } else if (change.table() != Table.HINTS) {
                kept.delete(change.table(), change.key());
            }
        }
        return disk.queue(kept);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws LocalStoreFault {
        return disk.get(table, key);
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) throws LocalStoreFault {
        return disk.scan(table, from, to, limit);
    }

    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) throws LocalStoreFault {
        disk.deleteRange(table, from, to);
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }

    @Override
    public FailureDomain failureDomain() {
        return disk.failureDomain();
    }

    @Override
    public void close() {}
}

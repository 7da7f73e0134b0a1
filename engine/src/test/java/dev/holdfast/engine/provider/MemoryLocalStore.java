package dev.holdfast.engine.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A local store in memory that keeps to the contract, but for durability; it can be told to fail. Thread-safe. */
public final class MemoryLocalStore implements LocalStore {
    private final Map<Table, TreeMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);
    private boolean failing;

    public MemoryLocalStore() {
        for (Table table : Table.values()) {
            tables.put(table, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    public synchronized void failing(boolean now) {
        failing = now;
    }

    @Override
    public synchronized Commit queue(Batch batch) {
        if (failing) {
            return () -> {
                throw new LocalStoreFault("the disk fails", false, null);
            };
        }
        for (Batch.Change change : batch.changes()) {
            TreeMap<byte[], byte[]> table = tables.get(change.table());
            if (change.value() == null) {
                table.remove(change.key());
            } else {
                table.put(change.key(), change.value());
            }
        }
        return () -> {};
    }

    @Override
    public synchronized byte @Nullable [] get(Table table, byte[] key) {
        return tables.get(table).get(key);
    }

    @Override
    public synchronized List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) {
        List<Entry> found = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> each :
                tables.get(table).tailMap(from, true).entrySet()) {
            if (found.size() == limit || (to != null && Arrays.compareUnsigned(each.getKey(), to) >= 0)) {
                break;
            }
            found.add(new Entry(each.getKey(), each.getValue()));
        }
        return found;
    }

    @Override
    public synchronized void deleteRange(Table table, byte[] from, byte[] to) {
        tables.get(table).subMap(from, true, to, false).clear();
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public FailureDomain failureDomain() {
        return new FailureDomain("test", "here", "node");
    }

    @Override
    public void close() {}
}

package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Row;
import java.util.ArrayList;
import java.util.List;

/** Gathers a page from a scan. */
final class PageBuilder implements Database.Visitor {
    /** A page ends early after reading so much, so that large values do not make it endless. */
    private static final long PAGE_BYTES = 32L * 1024 * 1024;

    private final NamespaceId namespace;
    private final int limit;
    private final List<Row> rows = new ArrayList<>();
    private final List<Key> damaged = new ArrayList<>();
    private long bytes;

    PageBuilder(NamespaceId namespace, int limit) {
        this.namespace = namespace;
        this.limit = limit;
    }

    @Override
    public boolean see(byte[] dataKey, byte[] value) {
        // Asked once more than the page holds, so that the last full page knows that it is the end.
        if (rows.size() + damaged.size() >= limit
                || bytes >= PAGE_BYTES
                || Thread.currentThread().isInterrupted()) {
            return false;
        }
        add(DataKey.key(dataKey), value);
        bytes += value.length;
        return true;
    }

    void add(Key key, byte[] value) {
        try {
            rows.add(new Row(key, RecordFormat.head(namespace, key, value)));
        } catch (DamagedRecord e) {
            damaged.add(key);
        }
    }

    Page build(boolean all) {
        return new Page(rows, all, damaged);
    }
}

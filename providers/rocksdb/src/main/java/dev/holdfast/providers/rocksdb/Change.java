package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.Put;
import java.util.List;

/** What a provider is asked to change. Each notes what became of it. */
abstract sealed class Change extends Work {
    final NamespaceId namespace;

    private Change(NamespaceId namespace, long bytes) {
        super(bytes);
        this.namespace = namespace;
    }

    /** Put-if-newer. Encoded by the thread that asks, so that the committer does not have to. */
    static final class PutRecord extends Change {
        final Key key;
        final Record record;
        final boolean vouched;
        final byte[] dataKey;
        final byte[] encoded;
        Put outcome = new Put(false, Version.NONE);

        PutRecord(NamespaceId namespace, Key key, Record record, boolean vouched) {
            this(namespace, key, record, vouched, RecordFormat.encode(namespace, key, record));
        }

        private PutRecord(NamespaceId namespace, Key key, Record record, boolean vouched, byte[] encoded) {
            super(namespace, encoded.length);
            this.key = key;
            this.record = record;
            this.vouched = vouched;
            this.dataKey = DataKey.of(namespace, key.bytes());
            this.encoded = encoded;
        }
    }

    static final class RaiseFloor extends Change {
        final Version floor;

        RaiseFloor(NamespaceId namespace, Version floor) {
            super(namespace, 0);
            this.floor = floor;
        }
    }

    static final class Collect extends Change {
        final List<Exact> rows;
        int collected;

        Collect(NamespaceId namespace, List<Exact> rows) {
            super(namespace, (long) rows.size() * Work.UNIT_BYTES);
            this.rows = rows;
        }
    }
}

package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Row;

/** Adds up the digest of what a scan shows, each record verified. */
final class DigestBuilder implements Database.Visitor {
    private final NamespaceId namespace;
    private final int most;
    private RangeDigest sum = RangeDigest.EMPTY;

    DigestBuilder(NamespaceId namespace, int most) {
        this.namespace = namespace;
        this.most = most;
    }

    @Override
    public boolean see(byte[] dataKey, byte[] value) {
        if (sum.rows() >= most || Thread.currentThread().isInterrupted()) {
            return false;
        }
        sum = sum.plus(of(dataKey, value));
        return true;
    }

    private RangeDigest of(byte[] dataKey, byte[] value) {
        try {
            Head head = RecordFormat.head(namespace, DataKey.key(dataKey), value);
            return RangeDigest.of(new Row(DataKey.key(dataKey), head));
        } catch (DamagedRecord e) {
            return RangeDigest.DAMAGED_ROW;
        }
    }

    RangeDigest build() {
        return sum;
    }
}

package dev.holdfast.simulation.nodes;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.MemoryLocalStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk that keeps so many commits and not one more, until it is mended. */
final class FailingLater implements LocalStore {
    private final MemoryLocalStore kept = new MemoryLocalStore();
    private int left;

    FailingLater(int commits) {
        left = commits;
    }

    void mend() {
        left = Integer.MAX_VALUE;
    }

    @Override
    public Commit queue(Batch batch) {
        if (left == 0) {
            return () -> {
                throw new LocalStoreFault("the power is gone", false, null);
            };
        }
        left--;
        return kept.queue(batch);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        return kept.get(table, key);
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) {
        return kept.scan(table, from, to, limit);
    }

    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) {
        kept.deleteRange(table, from, to);
    }

    @Override
    public long freeBytes() {
        return kept.freeBytes();
    }

    @Override
    public FailureDomain failureDomain() {
        return kept.failureDomain();
    }

    @Override
    public void close() {}
}

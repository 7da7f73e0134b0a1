package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.Entry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of changes that this node has made to providers, in order: the entry of a write becomes durable in the same sync as its
 * hints and before the write is acknowledged.
 *
 * <p>An entry's key is its epoch (the node's start count) and its sequence number within it, so that a reader notices what it has
 * missed. The log keeps the newest {@code retained} entries. Thread-safe.
 */
final class Feed {
    private static final int EPOCHS_KEPT = 16;
    /** Larger values are not repeated in the log: a reader of the feed asks the store for them. */
    private static final int INLINE_BYTES = 1024;

    private final LocalStore local;
    private final long epoch;
    private final long retained;
    private final AtomicLong sequence = new AtomicLong();

    Feed(LocalStore local, long epoch, long retained) {
        this.local = local;
        this.epoch = epoch;
        this.retained = retained;
    }

    /** Adds the entry of a change to the batch that will make it durable. */
    void append(Batch batch, KeyRef ref, Record record) {
        byte[] name = ref.bytes();
        boolean inline = record.value().length <= INLINE_BYTES;
        byte[] content = inline ? RecordFormat.encode(ref.namespace(), ref.key(), record) : new byte[0];
        byte[] value = ByteBuffer.allocate(Long.BYTES + Short.BYTES + name.length + content.length)
                .putLong(record.version().bits())
                .putShort((short) name.length)
                .put(name)
                .put(content)
                .array();
        batch.put(Table.FEED, key(epoch, sequence.incrementAndGet()), value);
    }

    /** Forgets what is older than the newest {@code retained} entries; entries of earlier epochs count as older. */
    void trim() throws LocalStoreFault {
        long keepFrom = sequence.get() - retained;
        if (keepFrom > 0) {
            local.deleteRange(Table.FEED, key(0, 0), key(epoch, keepFrom));
            return;
        }
        List<Entry> first = local.scan(Table.FEED, key(0, 0), key(epoch, 0), 1);
        if (!first.isEmpty() && ByteBuffer.wrap(first.getFirst().key()).getLong() + EPOCHS_KEPT < epoch) {
            local.deleteRange(Table.FEED, key(0, 0), key(epoch - EPOCHS_KEPT, 0));
        }
    }

    private static byte[] key(long epoch, long sequence) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(epoch)
                .putLong(sequence)
                .array();
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.KeyRef;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The room on disk, and who has it. Who came first goes first, but half of the room is set aside in equal parts for the namespaces,
 * and one within its part loses nothing: so "never forget" does not end when a neighbour is busy (DESIGN rule 21).
 *
 * <p>The order of keys and the bytes of each namespace lie beside the entries and change in the same batch. Used by one thread, but
 * for {@link #bytes}.
 */
final class Shares {
    private static final byte[] NEXT = {(byte) 0xFE};
    private static final byte BYTES_OF = (byte) 0xFF;
    private static final int LOOK_AT = 64;

    private final LocalStore local;
    private final long most;
    private final Map<NamespaceId, Long> bytes = new TreeMap<>();
    private final AtomicLong total = new AtomicLong();
    private long first;
    private long next;

    private Shares(LocalStore local, long most) {
        this.local = local;
        this.most = most;
    }

    static Shares load(LocalStore local, long most) throws LocalStoreFault {
        Shares shares = new Shares(local, most);
        byte[] next = local.get(Table.CACHE_ORDER, NEXT);
        shares.next = next == null ? 0 : ByteBuffer.wrap(next).getLong();
        for (LocalStore.Entry entry : local.scan(Table.CACHE_ORDER, new byte[] {BYTES_OF}, null, Integer.MAX_VALUE)) {
            ByteBuffer name = ByteBuffer.wrap(entry.key(), 1, NamespaceId.BYTES);
            long size = ByteBuffer.wrap(entry.value()).getLong();
            shares.bytes.put(new NamespaceId(name.getLong(), name.getLong()), size);
            shares.total.addAndGet(size);
        }
        return shares;
    }

    long bytes() {
        return total.get();
    }

    void put(LocalStore.Batch batch, KeyRef ref, long toldMillis, byte[] encoded) throws LocalStoreFault {
        byte[] name = ref.bytes();
        byte[] old = local.get(Table.CACHE, name);
        long sequence = old == null ? next++ : DiskLevel.Row.read(old).sequence();
        byte[] row = new DiskLevel.Row(sequence, toldMillis, encoded).bytes();
        batch.put(Table.CACHE, name, row);
        if (old == null) {
            batch.put(Table.CACHE_ORDER, order(sequence), name);
            batch.put(Table.CACHE_ORDER, NEXT, order(next));
        }
        account(batch, ref.namespace(), row.length - (old == null ? -name.length : old.length));
    }

    private void account(LocalStore.Batch batch, NamespaceId namespace, long more) {
        long now = Math.max(0, bytes.getOrDefault(namespace, 0L) + more);
        total.addAndGet(more);
        if (now == 0) {
            bytes.remove(namespace);
            batch.delete(Table.CACHE_ORDER, bytesOf(namespace));
        } else {
            bytes.put(namespace, now);
            batch.put(Table.CACHE_ORDER, bytesOf(namespace), order(now));
        }
    }

    /** Deletes what must go. */
    void makeRoom() throws LocalStoreFault {
        while (total.get() > most) {
            List<LocalStore.Entry> oldest = local.scan(Table.CACHE_ORDER, order(first), NEXT, LOOK_AT);
            if (oldest.isEmpty()) {
                return;
            }
            LocalStore.Batch batch = new LocalStore.Batch();
            for (LocalStore.Entry entry : oldest) {
                if (total.get() > most) {
                    leave(batch, ByteBuffer.wrap(entry.key()).getLong(), entry.value());
                }
            }
            local.commit(batch);
        }
    }

    private void leave(LocalStore.Batch batch, long sequence, byte[] name) throws LocalStoreFault {
        first = sequence + 1;
        batch.delete(Table.CACHE_ORDER, order(sequence));
        byte[] bytesOfRow = local.get(Table.CACHE, name);
        if (bytesOfRow == null) {
            return;
        }
        DiskLevel.Row row = DiskLevel.Row.read(bytesOfRow);
        if (row.sequence() != sequence) {
            return;
        }
        NamespaceId namespace = KeyRef.parse(name, 0).namespace();
        if (bytes.getOrDefault(namespace, 0L) > most / 2 / bytes.size()) {
            batch.delete(Table.CACHE, name);
            account(batch, namespace, -(bytesOfRow.length + (long) name.length));
        } else {
            // It stays, and comes to the end of the order.
            long again = next++;
            batch.put(Table.CACHE, name, new DiskLevel.Row(again, row.toldMillis(), row.encoded()).bytes());
            batch.put(Table.CACHE_ORDER, order(again), name);
            batch.put(Table.CACHE_ORDER, NEXT, order(next));
        }
    }

    private static byte[] order(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] bytesOf(NamespaceId namespace) {
        byte[] key = new byte[1 + NamespaceId.BYTES];
        key[0] = BYTES_OF;
        ByteBuffer.wrap(key, 1, NamespaceId.BYTES).putLong(namespace.high()).putLong(namespace.low());
        return key;
    }
}

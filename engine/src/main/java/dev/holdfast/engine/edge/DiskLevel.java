package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known good on disk: what a node that restarts in the middle of an outage answers with. Written behind, a moment after
 * memory; read only when nobody can be asked.
 *
 * <p>Bounded by {@link Shares}. Thread-safe.
 */
public final class DiskLevel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLevel.class);
    private static final int MOST_WAITING = 1 << 16;
    private static final int BATCH = 256;
    private static final long CLOSE_NANOS = 5_000_000_000L;
    private static final long AFTER_FAULT_NANOS = 1_000_000_000L;
    private static final long LOOK_NANOS = 3_600_000_000_000L;
    private static final int HEADER = 2 * Long.BYTES;

    private final Time time;
    private final LocalStore local;
    private final AtRest atRest;
    private final long mostBytes;
    private volatile Shares shares;
    private final ConcurrentHashMap<KeyRef, Entry> waiting = new ConcurrentHashMap<>();
    private final Signal arrived;
    private final Signal written;
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;

    /**
     * @param local a store of its own: its content may be thrown away
     * @param mostBytes what the entries may take
     */
    public DiskLevel(Time time, LocalStore local, long mostBytes) throws LocalStoreFault {
        this(time, local, mostBytes, Rules.NONE);
    }

    /** @param rules for what lies there */
    public DiskLevel(Time time, LocalStore local, long mostBytes, Rules rules) throws LocalStoreFault {
        this.time = time;
        this.atRest = new AtRest(rules);
        this.local = local;
        this.mostBytes = mostBytes;
        this.shares = Shares.load(local, mostBytes);
        this.arrived = new Signal(time);
        this.written = new Signal(time);
        this.writer = time.fork("near-disk", this::write);
    }

    /** @param sequence its place in the order in which keys came */
    record Row(long sequence, long toldMillis, byte[] encoded) {
        static Row read(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long sequence = in.getLong();
            long told = in.getLong();
            byte[] encoded = new byte[in.remaining()];
            in.get(encoded);
            return new Row(sequence, told, encoded);
        }

        byte[] bytes() {
            return ByteBuffer.allocate(HEADER + encoded.length)
                    .putLong(sequence)
                    .putLong(toldMillis)
                    .put(encoded)
                    .array();
        }
    }

    @Nullable
    Entry get(KeyRef ref) {
        Entry soon = waiting.get(ref);
        if (soon != null) {
            return soon;
        }
        try {
            byte[] bytes = local.get(Table.CACHE, ref.bytes());
            return bytes == null ? null : entry(ref, bytes);
        } catch (LocalStoreFault fault) {
            LOG.warn("the near cache's disk cannot be read: {}", fault.getMessage());
            return null;
        }
    }

    private @Nullable Entry entry(KeyRef ref, byte[] bytes) {
        try {
            Row row = Row.read(bytes);
            Record record = atRest.decode(ref, row.encoded());
            return new Entry(record, time.nanos(), row.toldMillis(), Entry.DISK);
        } catch (DamagedRecord damaged) {
            LOG.warn("what the near cache kept of {} is damaged: {}", ref.key(), damaged.getMessage());
            return null;
        }
    }

    /** Passes what lies on the disk of one namespace; damaged rows are left out. */
    void forEach(NamespaceId namespace, BiConsumer<KeyRef, Entry> each) {
        try {
            local.forEach(Table.CACHE, KeyRef.first(namespace), KeyRef.end(namespace), row -> {
                KeyRef ref = KeyRef.parse(row.key(), 0);
                Entry soon = waiting.get(ref);
                Entry entry = soon == null ? entry(ref, row.value()) : soon;
                if (entry != null) {
                    each.accept(ref, entry);
                }
            });
        } catch (LocalStoreFault fault) {
            LOG.warn("the near cache's disk cannot be read: {}", fault.getMessage());
        }
    }

    /** Has the entry written soon. When the disk is too slow, it is not, and an older one stays. */
    void keep(KeyRef ref, Entry entry) {
        if (waiting.size() >= MOST_WAITING && !waiting.containsKey(ref)) {
            dropped.increment();
            return;
        }
        waiting.merge(ref, entry, (old, now) -> old.version().newerThan(now.version()) ? old : now);
        arrived.wake();
    }

    /** The same for a key that is here already; of others nothing is noted. */
    void replace(KeyRef ref, Entry entry) {
        Entry old = get(ref);
        if (old != null && entry.version().newerThan(old.version())) {
            keep(ref, entry);
        }
    }

    long bytes() {
        return shares.bytes();
    }

    int waiting() {
        return waiting.size();
    }

    long dropped() {
        return dropped.sum();
    }

    private void write() {
        try {
            while (true) {
                arrived.await(time.nanos() + LOOK_NANOS, () -> closing || !waiting.isEmpty());
                if (closing && waiting.isEmpty()) {
                    return;
                }
                try {
                    writeSome();
                } catch (LocalStoreFault fault) {
                    LOG.warn("the near cache's disk cannot be written: {}", fault.getMessage());
                    waiting.clear();
                    time.sleep(AFTER_FAULT_NANOS);
                    readShares();
                }
                written.wake();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was to be written has changed the account, and may or may not lie on the disk. */
    private void readShares() {
        try {
            shares = Shares.load(local, mostBytes);
        } catch (LocalStoreFault fault) {
            LOG.warn("the near cache's disk cannot be read: {}", fault.getMessage());
        }
    }

    private void writeSome() throws LocalStoreFault {
        LocalStore.Batch batch = new LocalStore.Batch();
        List<KeyRef> refs = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (var next : waiting.entrySet()) {
            refs.add(next.getKey());
            entries.add(next.getValue());
            if (refs.size() == BATCH) {
                break;
            }
        }
        for (int i = 0; i < refs.size(); i++) {
            KeyRef ref = refs.get(i);
            Entry entry = entries.get(i);
            byte[] encoded = atRest.encode(ref, entry.record);
            if (encoded != null) {
                shares.put(batch, ref, entry.toldMillis, encoded);
            }
        }
        local.commit(batch);
        shares.makeRoom();
        for (int i = 0; i < refs.size(); i++) {
            waiting.remove(refs.get(i), entries.get(i));
        }
    }

    /** Writes what waits, for some seconds at most. The local store is the caller's to close. */
    @Override
    public void close() {
        closing = true;
        arrived.wake();
        try {
            written.await(time.nanos() + CLOSE_NANOS, waiting::isEmpty);
            writer.interrupt();
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

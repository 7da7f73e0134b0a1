package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedStatus.State;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy on disk, so that a node which starts in the middle of an outage has it: a row for each key, and one that says that nothing is
 * missing as of a moment. The latter is written when the rows of all that was heard before that moment are durable, and is no later than
 * anything that is still to be fetched. Written behind memory; what memory has is read from there alone.
 */
final class PinnedDisk {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedDisk.class);
    private static final int BATCH_BYTES = 1 << 20;
    private static final long PAUSE_NANOS = 200_000_000L;
    private static final long AFTER_FAULT_NANOS = 1_000_000_000L;
    /** A moment is written again only when it is so much later. */
    private static final long AGAIN_NANOS = 5_000_000_000L;

    private final Time time;
    private final LocalStore local;
    private final AtRest atRest;
    private final PinnedCopy copy;
    private final byte[] from;
    private @Nullable PinnedWhole written;
    /** How often the copy had been emptied when the same was done here. */
    private int emptied;

    PinnedDisk(Time time, LocalStore local, PinnedCopy copy, Rules rules) {
        this.atRest = new AtRest(rules);
        this.time = time;
        this.local = local;
        this.copy = copy;
        this.from = KeyRef.first(copy.id());
    }

    /** Deletes what is left of namespaces that are not pinned any more. */
    static void forgetOthers(LocalStore local, Set<NamespaceId> pinned) throws LocalStoreFault {
        byte[] at = KeyRef.first(NamespaceId.SYSTEM);
        while (true) {
            List<LocalStore.Entry> next = local.scan(Table.PINNED, at, null, 1);
            if (next.isEmpty()) {
                return;
            }
            ByteBuffer name = ByteBuffer.wrap(next.getFirst().key());
            NamespaceId found = new NamespaceId(name.getLong(), name.getLong());
            at = KeyRef.end(found);
            if (!pinned.contains(found)) {
                local.deleteRange(Table.PINNED, KeyRef.first(found), at);
            }
        }
    }

    /** Puts into the copy what is here. Unless all of it can be read, the copy is not whole. */
    void load() {
        try {
            byte[] whole = local.get(Table.PINNED, from);
            Set<Key> damaged = new HashSet<>();
            byte[] keys = Arrays.copyOf(from, from.length + 1);
            local.forEach(Table.PINNED, keys, KeyRef.end(copy.id()), row -> load(row, damaged));
            if (whole != null && damaged.isEmpty() && copy.state() == State.LOADING) {
                ByteBuffer in = ByteBuffer.wrap(whole);
                written = new PinnedWhole(
                        nanos(in.getLong()), new Version(in.getLong()), new Version(in.getLong()), false);
                copy.load(written);
            }
        } catch (LocalStoreFault fault) {
            LOG.warn("the copy of a pinned namespace cannot be read from disk: {}", fault.getMessage());
        }
    }

    private void load(LocalStore.Entry row, Set<Key> unreadable) {
        Key key = KeyRef.parse(row.key(), 0).key();
        try {
            ByteBuffer in = ByteBuffer.wrap(row.value());
            long toldMillis = in.getLong();
            byte[] encoded = new byte[in.remaining()];
            in.get(encoded);
            copy.load(
                    key,
                    new Entry(
                            atRest.decode(new KeyRef(copy.id(), key), encoded),
                            nanos(toldMillis),
                            toldMillis,
                            Entry.DISK));
        } catch (DamagedRecord damaged) {
            LOG.warn("what the copy of a pinned namespace had of {} is damaged: {}", key, damaged.getMessage());
            unreadable.add(key);
        }
    }

    /** A moment by the wall clock, by this process's other one: what an earlier process has noted. */
    private long nanos(long millis) {
        return time.nanos() - Math.max(0, time.wallMillis() - millis) * 1_000_000;
    }

    private long millis(long nanos) {
        return time.wallMillis() - Math.max(0, time.nanos() - nanos) / 1_000_000;
    }

    /**
     * Writes what has changed.
     *
     * @return how long to rest before the next step
     */
    long step() {
        return write() ? PAUSE_NANOS : AFTER_FAULT_NANOS;
    }

    /** @return whether it lies on the disk */
    boolean write() {
        // First: what was forgotten while this works is forgotten here next time, and no moment is written over it.
        int forgotten = copy.emptied();
        // Before the keys are taken: what it covers is among them then. What is wanted no row remembers.
        PinnedWhole whole = copy.here();
        List<Key> keys = copy.takeDirty();
        boolean done = false;
        try {
            if (forgotten != emptied) {
                forget();
                emptied = forgotten;
                written = null;
            }
            if (!writeRows(keys)) {
                // Nothing of it may lie here, so nothing says that it does.
                forget();
                written = null;
            } else if (copy.emptied() == forgotten) {
                writeWhole(whole, !keys.isEmpty());
            }
            done = true;
        } catch (LocalStoreFault fault) {
            LOG.warn("the copy of a pinned namespace cannot be written: {}", fault.getMessage());
        } finally {
            if (!done) {
                copy.dirtyAgain(keys);
            }
        }
        return done;
    }

    /** The namespace is not pinned any more. */
    void forget() throws LocalStoreFault {
        local.deleteRange(Table.PINNED, from, KeyRef.end(copy.id()));
    }

    /** @return false when one of them may not lie on this disk, for want of a key to seal it with */
    private boolean writeRows(List<Key> keys) throws LocalStoreFault {
        LocalStore.Batch batch = new LocalStore.Batch();
        int bytes = 0;
        for (Key key : new HashSet<>(keys)) {
            KeyRef ref = new KeyRef(copy.id(), key);
            Entry entry = copy.get(key);
            if (entry == null) {
                batch.delete(Table.PINNED, ref.bytes());
            } else {
                byte[] encoded = atRest.encode(ref, entry.record);
                if (encoded == null) {
                    return false;
                }
                byte[] row = ByteBuffer.allocate(Long.BYTES + encoded.length)
                        .putLong(entry.toldMillis)
                        .put(encoded)
                        .array();
                batch.put(Table.PINNED, ref.bytes(), row);
                bytes += row.length;
            }
            if (bytes >= BATCH_BYTES) {
                local.commit(batch);
                batch = new LocalStore.Batch();
                bytes = 0;
            }
        }
        if (!batch.changes().isEmpty()) {
            local.commit(batch);
        }
        return true;
    }

    private void writeWhole(@Nullable PinnedWhole whole, boolean changed) throws LocalStoreFault {
        PinnedWhole before = written;
        if (whole == null || whole.equals(before)) {
            return;
        }
        long later = before == null ? AGAIN_NANOS : whole.asOfNanos() - before.asOfNanos();
        if (!changed && later >= 0 && later < AGAIN_NANOS) {
            return;
        }
        byte[] row = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(millis(whole.asOfNanos()))
                .putLong(whole.newest().bits())
                .putLong(whole.floor().bits())
                .array();
        local.commit(new LocalStore.Batch().put(Table.PINNED, from, row));
        written = whole;
    }
}

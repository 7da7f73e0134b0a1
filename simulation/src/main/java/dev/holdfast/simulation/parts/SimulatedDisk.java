package dev.holdfast.simulation.parts;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node's disk. What is synced survives {@link #crash}; of the commits that wait for a sync then, the first few may have made
 * it, each wholly or not at all, as with a write-ahead log. It can be full, fail, or lie about having synced.
 */
public final class SimulatedDisk implements LocalStore {

    /** What ails the disk. */
    public enum Ailment {
        NONE,
        FULL,
        FAILING
    }

    private static final long ROOM = 1L << 40;
    private static final long LYING_FLUSH_NANOS = 1_000_000_000L;

    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Latency syncLatency;
    private final boolean lying;
    private final FailureDomain domain;
    private final Map<Table, NavigableMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Batch.Change> undo = new ArrayList<>();
    private Ailment ailment = Ailment.NONE;
    private Process controller = new Process("disk");
    private Runnable less = () -> {};
    private boolean syncing;
    private long flushedAt;
    private long stalledUntil;

    private record Waiting(List<Batch.Change> changes, Pending<Boolean, LocalStoreFault> reply) {}

    /**
     * @param node whose disk it is: a failure domain of its own
     * @param lying whether commits return before they are durable: a mutant that checkers must catch
     */
    public SimulatedDisk(
            String node, Scheduler scheduler, SplittableRandom random, Latency syncLatency, boolean lying) {
        this.scheduler = scheduler;
        this.random = random;
        this.syncLatency = syncLatency;
        this.lying = lying;
        this.domain = new FailureDomain(node, "here", "disk");
        for (Table table : Table.values()) {
            tables.put(table, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    public void ail(Ailment what) {
        ailment = what;
    }

    /** Syncs nothing for so long. */
    public void stall(long nanos) {
        stalledUntil = scheduler.now() + nanos;
    }

    /** The node lost its power. The node's threads must be dead already. */
    public void crash() {
        controller.kill();
        controller = new Process("disk");
        int made = waiting.isEmpty() ? 0 : random.nextInt(waiting.size() + 1);
        for (Waiting commit : waiting.subList(0, made)) {
            apply(commit.changes());
        }
        waiting.clear();
        syncing = false;
        for (Batch.Change change : undo.reversed()) {
            applyOne(change);
        }
        undo.clear();
        less.run();
    }

    /** An empty disk takes its place. The node must have crashed. */
    public void replace() {
        tables.values().forEach(NavigableMap::clear);
        less.run();
    }

    /** Has {@code listener} called after every moment at which something durable may have become less. */
    public void whenLess(Runnable listener) {
        less = listener;
    }

    @Override
    public Commit queue(Batch batch) {
        if (ailment != Ailment.NONE) {
            LocalStoreFault now = fault();
            return () -> {
                throw now;
            };
        }
        List<Batch.Change> changes = List.copyOf(batch.changes());
        if (lying) {
            applyUnsynced(changes);
            return () -> {};
        }
        Pending<Boolean, LocalStoreFault> reply = new Pending<>();
        waiting.add(new Waiting(changes, reply));
        if (!syncing) {
            sync();
        }
        return reply::await;
    }

    /** Syncs as long as commits wait; all that wait when a sync begins share it. */
    private void sync() {
        int group = waiting.size();
        syncing = group > 0;
        if (syncing) {
            scheduler.after(syncLatency.next(random), controller, () -> syncedUnstalled(group));
        }
    }

    private void syncedUnstalled(int group) {
        long stalled = stalledUntil - scheduler.now();
        if (stalled > 0) {
            scheduler.after(stalled, controller, () -> synced(group));
        } else {
            synced(group);
        }
    }

    private void synced(int group) {
        List<Waiting> done = new ArrayList<>(waiting.subList(0, group));
        waiting.subList(0, group).clear();
        for (Waiting commit : done) {
            if (ailment == Ailment.NONE) {
                apply(commit.changes());
                commit.reply().answer(true);
            } else {
                commit.reply().fail(fault());
            }
        }
        sync();
    }

    private void applyUnsynced(List<Batch.Change> changes) {
        if (scheduler.now() - flushedAt > LYING_FLUSH_NANOS) {
            undo.clear();
            flushedAt = scheduler.now();
        }
        for (Batch.Change change : changes) {
            undo.add(new Batch.Change(
                    change.table(), change.key(), table(change.table()).get(change.key())));
            applyOne(change);
        }
    }

    private void apply(List<Batch.Change> changes) {
        changes.forEach(this::applyOne);
        for (Batch.Change change : changes) {
            if (change.table() == Table.HINTS && change.value() == null) {
                less.run();
                return;
            }
        }
    }

    private void applyOne(Batch.Change change) {
        byte[] value = change.value();
        if (value == null) {
            table(change.table()).remove(change.key());
        } else {
            table(change.table()).put(change.key(), value);
        }
    }

    private NavigableMap<byte[], byte[]> table(Table table) {
        NavigableMap<byte[], byte[]> found = tables.get(table);
        if (found == null) {
            throw new IllegalStateException("no table " + table);
        }
        return found;
    }

    private LocalStoreFault fault() {
        boolean full = ailment == Ailment.FULL;
        return new LocalStoreFault(full ? "the simulated disk is full" : "the simulated disk fails", full, null);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws LocalStoreFault {
        refuseWhenFailing();
        return table(table).get(key);
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) throws LocalStoreFault {
        refuseWhenFailing();
        NavigableMap<byte[], byte[]> tail = table(table).tailMap(from, true);
        NavigableMap<byte[], byte[]> range = to == null ? tail : tail.headMap(to, false);
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> entry : range.entrySet()) {
            if (entries.size() == limit) {
                break;
            }
            entries.add(new Entry(entry.getKey(), entry.getValue()));
        }
        return entries;
    }

    private void refuseWhenFailing() throws LocalStoreFault {
        if (ailment == Ailment.FAILING) {
            throw fault();
        }
    }

    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) throws LocalStoreFault {
        Batch batch = new Batch();
        for (Entry entry : scan(table, from, to, Integer.MAX_VALUE)) {
            batch.delete(table, entry.key());
        }
        commit(batch);
    }

    /** What a crash now would leave at least: for checkers, which may look without the node noticing. */
    public List<Entry> durable(Table table) {
        NavigableMap<byte[], byte[]> durable = undo.isEmpty() ? table(table) : undone(table);
        List<Entry> entries = new ArrayList<>(durable.size());
        durable.forEach((key, value) -> entries.add(new Entry(key, value)));
        return entries;
    }

    private NavigableMap<byte[], byte[]> undone(Table table) {
        NavigableMap<byte[], byte[]> copy = new TreeMap<>(table(table));
        for (Batch.Change change : undo.reversed()) {
            byte[] before = change.value();
            if (change.table() == table && before == null) {
                copy.remove(change.key());
            } else if (change.table() == table && before != null) {
                copy.put(change.key(), before);
            }
        }
        return copy;
    }

    @Override
    public long freeBytes() {
        return ailment == Ailment.FULL ? 0 : ROOM;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public void close() {}
}

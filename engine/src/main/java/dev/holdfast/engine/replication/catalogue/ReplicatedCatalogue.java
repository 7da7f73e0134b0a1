package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue in memory, on this node's disk, and as system records {@code catalogue/name} at every provider. A change is
 * durable on the disk before it returns; a thread of its own takes it to the providers, and takes from them what other nodes, or
 * this one before it lost its disk, have put there.
 *
 * <p>Thread-safe.
 */
public final class ReplicatedCatalogue implements Catalogue, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedCatalogue.class);
    private static final String PREFIX = SystemRecords.CATALOGUE;
    /** In the table of small facts: that the whole catalogue was exchanged once, and what was made here before that. */
    private static final byte[] WHOLE = "catalogue-whole".getBytes(StandardCharsets.UTF_8);

    private static final String MADE = "catalogue-made/";
    private static final String MADE_END = "catalogue-made0";

    private static final long SYNC_NANOS = 30_000_000_000L;
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Time time;
    private final LocalStore local;
    private final HybridClock clock;
    private final SystemRecords records;
    private final byte[] clusterKey;
    private final NavigableMap<String, SealedEntry> entries = new ConcurrentSkipListMap<>();
    /** A lock and no monitor, since it is held while the disk syncs. */
    private final ReentrantLock adopting = new ReentrantLock();

    private final Set<String> madeHere = new ConcurrentSkipListSet<>();
    private volatile boolean whole;
    private final Set<String> unsent = new ConcurrentSkipListSet<>();
    private final Signal changed;
    private final LongAdder forged = new LongAdder();
    private volatile boolean due;
    private volatile Runnable adopted = () -> {};
    private @Nullable Thread sync;

    /**
     * Reads what this node's disk holds.
     *
     * @param clusterKey 32 secret bytes that every node of the store has and no provider has
     */
    public ReplicatedCatalogue(Time time, LocalStore local, HybridClock clock, SystemRecords records, byte[] clusterKey)
            throws LocalStoreFault {
        this.time = time;
        this.local = local;
        this.clock = clock;
        this.records = records;
        this.clusterKey = clusterKey.clone();
        this.changed = new Signal(time);
        load();
    }

    private void load() throws LocalStoreFault {
        local.forEach(Table.CATALOGUE, new byte[0], null, stored -> {
            String name = new String(stored.key(), StandardCharsets.UTF_8);
            SealedEntry.open(clusterKey, name, stored.value())
                    .ifPresentOrElse(entry -> entries.put(name, entry), () -> distrust(name, "this node's disk"));
        });
        whole = local.get(Table.NODE, WHOLE) != null;
        local.forEach(
                Table.NODE,
                MADE.getBytes(StandardCharsets.UTF_8),
                MADE_END.getBytes(StandardCharsets.UTF_8),
                made -> madeHere.add(new String(made.key(), StandardCharsets.UTF_8).substring(MADE.length())));
    }

    /**
     * Begins to exchange entries with the providers. Where this node's disk holds none they are fetched first, as far as the
     * providers answer: until then every namespace would be unknown, and every token wrong.
     */
    public void start() {
        if (entries.isEmpty()) {
            exchange();
        }
        sync = time.fork("catalogue", this::sync);
    }

    /** Has somebody told whenever what others have put there is in force here, too. Must not wait. */
    public void whenAdopted(Runnable told) {
        adopted = told;
    }

    @Override
    public Optional<Entry> get(String name) {
        return Optional.ofNullable(entries.get(name)).map(SealedEntry::entry);
    }

    @Override
    public Map<String, Entry> entries(String prefix) {
        Map<String, Entry> found = new LinkedHashMap<>();
        entries.tailMap(prefix, true).entrySet().stream()
                .takeWhile(e -> e.getKey().startsWith(prefix))
                .forEach(e -> found.put(e.getKey(), e.getValue().entry()));
        return found;
    }

    @Override
    public void put(String name, Entry entry) throws NotKept {
        try {
            if (!adopt(name, new SealedEntry(clock.next(), entry), true)) {
                throw new NotKept("The entry has been ended for good and cannot be changed.");
            }
        } catch (LocalStoreFault | HybridClock.NotReserved fault) {
            throw new NotKept("This node does not keep the change: " + fault.getMessage());
        }
        unsent.add(name);
        changed.wake();
    }

    @Override
    public Optional<Entry> fetch(String name) {
        if (!entries.containsKey(name)) {
            Optional<SealedEntry> found =
                    records.get(Key.of(PREFIX + name)).flatMap(stored -> SealedEntry.open(clusterKey, name, stored));
            try {
                if (found.isPresent()) {
                    adopt(name, found.get(), false);
                }
            } catch (LocalStoreFault fault) {
                LOG.error("catalogue entry {} of another node cannot be kept: {}", name, fault.getMessage());
            }
        }
        return get(name);
    }

    @Override
    public boolean lacks(String name) {
        return !entries.containsKey(name) && records.lacks(Key.of(PREFIX + name));
    }

    @Override
    public boolean forged(String name) {
        return records.get(Key.of(PREFIX + name))
                .filter(stored -> SealedEntry.open(clusterKey, name, stored).isEmpty())
                .isPresent();
    }

    @Override
    public boolean spread(String name) {
        SealedEntry entry = entries.get(name);
        return entry != null && records.put(Key.of(PREFIX + name), entry.seal(clusterKey, name));
    }

    /** All entries as they are sealed, by name: for nodes that have the cluster key. */
    public Map<String, byte[]> sealed() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        entries.forEach((name, entry) -> all.put(name, entry.seal(clusterKey, name)));
        return all;
    }

    /** Has what others have put into the catalogue fetched now. */
    public void refresh() {
        due = true;
        changed.wake();
    }

    /** How many entries were found whose MAC is wrong. */
    public long forged() {
        return forged.sum();
    }

    /** @return whether the entry is in force now */
    private boolean adopt(String name, SealedEntry entry, boolean made) throws LocalStoreFault {
        adopting.lock();
        try {
            SealedEntry present = entries.get(name);
            if (present != null && !entry.beats(present)) {
                return false;
            }
            byte[] sealed = entry.seal(clusterKey, name);
            Batch batch = new Batch().put(Table.CATALOGUE, name.getBytes(StandardCharsets.UTF_8), sealed);
            boolean first = made && present == null && !whole;
            if (first) {
                batch.put(Table.NODE, (MADE + name).getBytes(StandardCharsets.UTF_8), new byte[] {1});
            }
            local.commit(batch);
            entries.put(name, entry);
            if (first) {
                madeHere.add(name);
            }
            return true;
        } finally {
            adopting.unlock();
        }
    }

    @Override
    public boolean wholeFor(String name) {
        return whole || madeHere.contains(name);
    }

    private void becomeWhole() throws LocalStoreFault {
        Batch batch = new Batch().put(Table.NODE, WHOLE, new byte[] {1});
        madeHere.forEach(name -> batch.delete(Table.NODE, (MADE + name).getBytes(StandardCharsets.UTF_8)));
        local.commit(batch);
        whole = true;
    }

    private void distrust(String name, String where) {
        forged.increment();
        LOG.error("catalogue entry {} from {} is ignored: it was not made under this store's cluster key", name, where);
    }

    private void sync() {
        long nextFull = time.nanos();
        try {
            while (true) {
                if (due || time.nanos() >= nextFull) {
                    due = false;
                    nextFull = time.nanos() + (exchange() ? SYNC_NANOS : RETRY_NANOS);
                }
                boolean sent = send();
                long wait = sent ? nextFull : time.nanos() + RETRY_NANOS;
                changed.await(wait, () -> due || (sent && !unsent.isEmpty()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean send() {
        for (String name : List.copyOf(unsent)) {
            unsent.remove(name);
            SealedEntry entry = entries.get(name);
            if (entry != null && !records.put(Key.of(PREFIX + name), entry.seal(clusterKey, name))) {
                unsent.add(name);
                return false;
            }
        }
        return true;
    }

    boolean exchange() {
        Map<String, SealedEntry> theirs = new LinkedHashMap<>();
        Set<String> withheld = new HashSet<>();
        byte[] prefix = PREFIX.getBytes(StandardCharsets.UTF_8);
        BiConsumer<Key, Record> take = (key, record) -> {
            String name = key.toString().substring(PREFIX.length());
            SealedEntry.open(clusterKey, name, record.value()).ifPresentOrElse(entry -> theirs.put(name, entry), () -> {
                distrust(name, "the providers");
                if (name.startsWith(SEALINGS)) {
                    withheld.add(name);
                }
            });
        };
        boolean complete = records.each(prefix, take);
        // A new node's providers are compared first, which may take long; until then nobody's word counts.
        boolean all = !whole && (complete || records.eachHeld(prefix, take)) && withheld.isEmpty();
        try {
            // Of an incomplete list, too: an entry that is sealed is what it is, whoever gave it.
            boolean news = false;
            for (Map.Entry<String, SealedEntry> their : theirs.entrySet()) {
                news |= adopt(their.getKey(), their.getValue(), false);
            }
            if (all) {
                becomeWhole();
            }
            if (news) {
                adopted.run();
            }
        } catch (LocalStoreFault fault) {
            LOG.error("what other nodes put into the catalogue cannot be kept: {}", fault.getMessage());
            return false;
        }
        if (!complete) {
            return false;
        }
        entries.forEach((name, ours) -> {
            SealedEntry their = theirs.get(name);
            if (their == null || ours.beats(their)) {
                unsent.add(name);
            }
        });
        return true;
    }

    @Override
    public void close() {
        Background.end(sync);
    }
}

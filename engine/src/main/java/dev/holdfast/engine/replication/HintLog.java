package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.Commit;
import dev.holdfast.engine.provider.LocalStore.Entry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The writes that providers have missed: durable, one for each key and provider, the newest winning, kept until the provider has
 * taken it however long that is.
 *
 * <p>Each hint is two entries of one table, changed together: the record by key ({@code k provider namespace key}), which reads
 * overlay on what the provider says, and its place in the order of versions ({@code o provider version namespace key}), in which
 * hints are drained and from which the oldest is known. A hint holds the whole record, since the home that holds it besides may
 * be lost before the provider returns.
 *
 * <p>Thread-safe.
 */
final class HintLog {
    private static final byte BY_KEY = 'k';
    private static final byte BY_ORDER = 'o';
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final LocalStore local;
    private final KeyLocks locks;
    private final Map<String, AtomicLong> depths = new ConcurrentHashMap<>();
    /** Shared by those who change what is counted. */
    private final ReentrantReadWriteLock counting = new ReentrantReadWriteLock();

    /** Hints on their way to the disk, which {@link LocalStore#get} does not show yet. */
    private final Map<Slot, Flight> flying = new ConcurrentHashMap<>();

    private record Slot(int member, KeyRef ref) {}

    private record Flight(Version version, Commit commit) {}

    /**
     * Hints that have been queued.
     *
     * @param leanedOn commits of newer hints that were found on their way in the stead of some
     */
    private record Queued(Flight flight, List<Slot> filled, List<Commit> leanedOn) {}

    /** One hint's place in the order. */
    record Waiting(KeyRef ref, Version version) {}

    HintLog(LocalStore local, KeyLocks locks, Collection<String> providers) throws LocalStoreFault {
        this.local = local;
        this.locks = locks;
        for (String provider : providers) {
            begin(provider);
        }
    }

    /** Keeps hints for one more provider from now on. */
    void begin(String provider) throws LocalStoreFault {
        depths.put(provider, new AtomicLong(count(provider)));
    }

    /** Drops the hints for a provider that nothing is written to any more. */
    void forget(String provider) throws LocalStoreFault {
        for (byte kind : new byte[] {BY_KEY, BY_ORDER}) {
            byte[] prefix = prefix(kind, provider);
            List<Entry> some = local.scan(Table.HINTS, prefix, end(prefix), FORGOTTEN_AT_ONCE);
            while (!some.isEmpty()) {
                Batch batch = new Batch();
                some.forEach(entry -> batch.delete(Table.HINTS, entry.key()));
                local.commit(batch);
                some = local.scan(Table.HINTS, prefix, end(prefix), FORGOTTEN_AT_ONCE);
            }
        }
        depth(provider).set(0);
    }

    /**
     * Makes hints durable for each of {@code missing}, together with what is in {@code batch}. A hint that is there already and
     * newer stays. The key is not locked until the disk has synced: writers of a popular key would queue up behind one another.
     */
    void keep(KeyRef ref, Record record, Collection<Member> missing, Batch batch) throws LocalStoreFault {
        if (missing.isEmpty()) {
            local.commit(batch);
            return;
        }
        Queued queued = queue(ref, record, missing, batch);
        try {
            queued.flight.commit.await();
        } finally {
            queued.filled.forEach(slot -> flying.remove(slot, queued.flight));
        }
        for (Commit earlier : queued.leanedOn) {
            earlier.await();
        }
    }

    private Queued queue(KeyRef ref, Record record, Collection<Member> missing, Batch batch) throws LocalStoreFault {
        byte[] encoded = RecordFormat.encode(ref.namespace(), ref.key(), record);
        List<AtomicLong> grown = new ArrayList<>();
        List<Slot> filled = new ArrayList<>();
        List<Commit> leanedOn = new ArrayList<>();
        ReentrantLock lock = locks.hint(ref);
        counting.readLock().lock();
        lock.lock();
        try {
            for (Member member : missing) {
                Slot slot = new Slot(member.index, ref);
                byte[] byKey = byKey(member.name(), ref);
                Flight flight = flying.get(slot);
                byte[] stored = flight == null ? local.get(Table.HINTS, byKey) : null;
                Version old = flight != null ? flight.version : stored == null ? null : peek(stored);
                if (old != null && old.compareTo(record.version()) >= 0) {
                    if (flight != null) {
                        leanedOn.add(flight.commit);
                    }
                    continue;
                }
                batch.put(Table.HINTS, byKey, encoded);
                batch.put(Table.HINTS, byOrder(member.name(), record.version(), ref), new byte[0]);
                if (old != null) {
                    batch.delete(Table.HINTS, byOrder(member.name(), old, ref));
                } else {
                    grown.add(depth(member.name()));
                }
                filled.add(slot);
            }
            // Before the commit, and not taken back when it fails: a failed commit may be found done when the disk
            // works again,
            // and a hint that is not counted would be overlooked. recount() puts right what was counted too much.
            for (AtomicLong depth : grown) {
                depth.incrementAndGet();
            }
            Flight flight = new Flight(record.version(), local.queue(batch));
            for (Slot slot : filled) {
                flying.put(slot, flight);
            }
            return new Queued(flight, filled, leanedOn);
        } finally {
            lock.unlock();
            counting.readLock().unlock();
        }
    }

    /**
     * Deletes a hint, provided that it is still the one of this version: a newer one has not been taken yet. What is in {@code
     * batch} becomes durable in any case.
     */
    void taken(Member member, KeyRef ref, Version version, Batch batch) throws LocalStoreFault {
        if (!dropped(member, ref, version, batch) && !batch.changes().isEmpty()) {
            local.commit(batch);
        }
    }

    private boolean dropped(Member member, KeyRef ref, Version version, Batch batch) throws LocalStoreFault {
        ReentrantLock lock = locks.hint(ref);
        counting.readLock().lock();
        lock.lock();
        try {
            if (flying.containsKey(new Slot(member.index, ref))) {
                return false;
            }
            byte[] byKey = byKey(member.name(), ref);
            byte[] now = local.get(Table.HINTS, byKey);
            Version nowVersion = now == null ? null : peek(now);
            if (nowVersion == null && now == null) {
                return false;
            }
            if (nowVersion != null && !nowVersion.equals(version)) {
                return false;
            }
            local.commit(batch.delete(Table.HINTS, byKey).delete(Table.HINTS, byOrder(member.name(), version, ref)));
            depth(member.name()).decrementAndGet();
            return true;
        } finally {
            lock.unlock();
            counting.readLock().unlock();
        }
    }

    /** Drops a place in the order that no hint holds any more, as a commit that failed before a later one may leave it. */
    void dropStray(Member member, Waiting stray) throws LocalStoreFault {
        ReentrantLock lock = locks.hint(stray.ref);
        lock.lock();
        try {
            byte[] now = local.get(Table.HINTS, byKey(member.name(), stray.ref));
            if (!flying.containsKey(new Slot(member.index, stray.ref))
                    && (now == null || !stray.version.equals(peek(now)))) {
                local.commit(new Batch().delete(Table.HINTS, byOrder(member.name(), stray.version, stray.ref)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts the hints for the member anew, when none is found although the count says that there are some. */
    void recount(Member member) throws LocalStoreFault {
        counting.writeLock().lock();
        try {
            // A commit that failed may be found done once the disk works again: not before the next one has been made.
            local.commit(new Batch());
            // One that is on its way to the disk is counted and cannot be found yet.
            if (flying.keySet().stream().noneMatch(slot -> slot.member == member.index)) {
                depth(member.name()).set(count(member.name()));
            }
        } finally {
            counting.writeLock().unlock();
        }
    }

    /** The record waiting for the member under this key. */
    Optional<Record> get(Member member, KeyRef ref) throws LocalStoreFault, DamagedRecord {
        if (depth(member) == 0) {
            return Optional.empty();
        }
        byte[] stored = local.get(Table.HINTS, byKey(member.name(), ref));
        return stored == null ? Optional.empty() : Optional.of(RecordFormat.decode(ref.namespace(), ref.key(), stored));
    }

    /** Hints in the order of versions, oldest first, after {@code after}. */
    List<Waiting> waiting(Member member, @Nullable Waiting after, int limit) throws LocalStoreFault {
        byte[] prefix = prefix(BY_ORDER, member.name());
        byte[] from = after == null ? prefix : next(byOrder(member.name(), after.version, after.ref));
        List<Waiting> found = new ArrayList<>();
        for (Entry entry : local.scan(Table.HINTS, from, end(prefix), limit)) {
            Version version = new Version(ByteBuffer.wrap(entry.key()).getLong(prefix.length));
            found.add(new Waiting(KeyRef.parse(entry.key(), prefix.length + Long.BYTES), version));
        }
        return found;
    }

    /** Keys of a namespace with hints for the member, in order, from {@code from} on. For listings with the overlay. */
    List<Entry> scan(Member member, NamespaceId namespace, byte[] from, int limit) throws LocalStoreFault {
        byte[] prefix = prefix(BY_KEY, member.name());
        byte[] start = concat(prefix, KeyRef.first(namespace), from);
        byte[] stop = end(concat(prefix, KeyRef.first(namespace), new byte[0]));
        List<Entry> found = new ArrayList<>();
        for (Entry entry : local.scan(Table.HINTS, start, stop, limit)) {
            int skip = prefix.length + NamespaceId.BYTES;
            byte[] key = new byte[entry.key().length - skip];
            System.arraycopy(entry.key(), skip, key, 0, key.length);
            found.add(new Entry(key, entry.value()));
        }
        return found;
    }

    long depth(Member member) {
        return depth(member.name()).get();
    }

    /** The version of the oldest hint for the member; empty for none. */
    Optional<Version> oldest(Member member) throws LocalStoreFault {
        List<Waiting> first = depth(member) == 0 ? List.of() : waiting(member, null, 1);
        return first.isEmpty() ? Optional.empty() : Optional.of(first.getFirst().version);
    }

    private AtomicLong depth(String provider) {
        AtomicLong depth = depths.get(provider);
        if (depth == null) {
            throw new IllegalArgumentException("no provider " + provider);
        }
        return depth;
    }

    private long count(String provider) throws LocalStoreFault {
        byte[] prefix = prefix(BY_ORDER, provider);
        AtomicLong count = new AtomicLong();
        local.forEach(Table.HINTS, prefix, end(prefix), _ -> count.incrementAndGet());
        return count.get();
    }

    private static @Nullable Version peek(byte[] encoded) {
        try {
            return RecordFormat.peekVersion(encoded, encoded.length);
        } catch (DamagedRecord e) {
            return null;
        }
    }

    private static byte[] byKey(String provider, KeyRef ref) {
        return concat(prefix(BY_KEY, provider), ref.bytes(), new byte[0]);
    }

    private static byte[] byOrder(String provider, Version version, KeyRef ref) {
        byte[] order = ByteBuffer.allocate(Long.BYTES).putLong(version.bits()).array();
        return concat(prefix(BY_ORDER, provider), order, ref.bytes());
    }

    private static byte[] prefix(byte kind, String provider) {
        byte[] name = provider.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 2)
                .put(kind)
                .put(name)
                .put((byte) 0)
                .array();
    }

    private static byte[] concat(byte[] a, byte[] b, byte[] c) {
        return ByteBuffer.allocate(a.length + b.length + c.length)
                .put(a)
                .put(b)
                .put(c)
                .array();
    }

    /** The least byte string above {@code key}. */
    private static byte[] next(byte[] key) {
        return concat(key, new byte[1], new byte[0]);
    }

    /** The least byte string above all that begin with {@code prefix}, whose bytes are not all 0xff. */
    private static byte[] end(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xff) {
            last--;
        }
        byte[] end = new byte[last + 1];
        System.arraycopy(prefix, 0, end, 0, last + 1);
        end[last]++;
        return end;
    }
}

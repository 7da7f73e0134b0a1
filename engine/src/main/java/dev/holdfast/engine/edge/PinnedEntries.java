package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a copy holds of its keys, and what that comes to. What comes here ends the wants for it. Changed by one thread at a time, which
 * {@link PinnedCopy} sees to; read by any.
 */
final class PinnedEntries {
    private final PinnedWants wants;
    private final LongConsumer grown;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final Set<Key> dirty = new HashSet<>();
    private final AtomicLong bytes = new AtomicLong();
    /** Keys with a value, be it one that has expired. */
    private final AtomicLong values = new AtomicLong();
    /** Those of them that end at a set time: whether one has ended only the clock says. */
    private final Set<Key> expiring = ConcurrentHashMap.newKeySet();

    private volatile Version newest = Version.NONE;

    /** @param grown is told by how many bytes this takes more, or less */
    PinnedEntries(PinnedWants wants, LongConsumer grown) {
        this.wants = wants;
        this.grown = grown;
    }

    @Nullable
    Entry get(Key key) {
        return entries.get(key);
    }

    boolean contains(Key key) {
        return entries.containsKey(key);
    }

    void forEach(BiConsumer<Key, Entry> each) {
        entries.forEach(each);
    }

    Map<Key, Version> versions() {
        Map<Key, Version> all = new HashMap<>();
        entries.forEach((key, entry) -> all.put(key, entry.version()));
        return all;
    }

    /** The newest version that has come here, be it of a key that is here no more. */
    Version newest() {
        return newest;
    }

    long bytes() {
        return bytes.get();
    }

    /** How many keys there are to a reader. Looks at those that expire. */
    long living(long wallMillis) {
        long living = values.get();
        for (Key key : expiring) {
            Entry entry = entries.get(key);
            living -= entry != null && entry.record.expired(wallMillis) ? 1 : 0;
        }
        return Math.max(0, living);
    }

    /**
     * Keeps the newer of what is here and what is told.
     *
     * @param keep whether the disk does not have it yet
     */
    void put(Key key, Entry told, boolean keep) {
        Entry old = entries.get(key);
        Entry kept = old == null ? told : newer(old, told);
        if (kept != old) {
            entries.put(key, kept);
            newest = Version.newest(newest, kept.version());
            if (keep && (old == null || !old.record.equals(kept.record))) {
                dirty.add(key);
            }
            account(key, old, kept);
        }
        Want want = wants.get(key);
        if (want != null && !want.version().newerThan(told.version())) {
            wants.resolved(key);
        }
    }

    private static Entry newer(Entry old, Entry told) {
        int order = told.version().compareTo(old.version());
        if (order == 0 && told.record.equals(old.record)) {
            return told.toldNanos - old.toldNanos > 0 ? told : old;
        }
        return order > 0 || (order == 0 && Record.merge(old.record, told.record).equals(told.record)) ? told : old;
    }

    void remove(Key key) {
        Entry old = entries.remove(key);
        if (old != null) {
            dirty.add(key);
            account(key, old, null);
        }
    }

    private void account(Key key, @Nullable Entry old, @Nullable Entry now) {
        values.addAndGet(value(now) - value(old));
        if (now != null && value(now) == 1 && now.expires()) {
            expiring.add(key);
        } else {
            expiring.remove(key);
        }
        long more = weight(key, now) - weight(key, old);
        bytes.addAndGet(more);
        grown.accept(more);
    }

    private static int value(@Nullable Entry entry) {
        return entry == null || entry.record.tombstone() ? 0 : 1;
    }

    private static long weight(Key key, @Nullable Entry entry) {
        return entry == null ? 0 : entry.weight(key.bytes().length);
    }

    /** Keys that have changed since this was asked last. */
    List<Key> takeDirty() {
        List<Key> taken = new ArrayList<>(dirty);
        dirty.clear();
        return taken;
    }

    void dirtyAgain(List<Key> keys) {
        dirty.addAll(keys);
    }

    /** Takes no room and wants nothing from now on, though all is here still. What was wanted is in doubt. */
    void giveUp() {
        wants.doubt(entries::get);
        wants.clear();
        dirty.clear();
        grown.accept(-bytes.getAndSet(0));
    }

    /** The same as {@link #put} after {@link #giveUp}, for a key that is here. */
    void replace(Key key, Entry told) {
        entries.computeIfPresent(key, (_, old) -> newer(old, told));
    }

    /** Forgets all, after {@link #giveUp}. */
    void clear() {
        entries.clear();
        expiring.clear();
        values.set(0);
        newest = Version.NONE;
    }
}

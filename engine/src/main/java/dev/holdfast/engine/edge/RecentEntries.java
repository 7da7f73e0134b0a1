package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.KeyRef;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Entries of which the least recently used go first: the same at every run, as a simulation needs it. Thread-safe. */
final class RecentEntries implements Entries {
    private final Map<KeyRef, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long most;
    private long bytes;
    private long evicted;

    RecentEntries(long bytes) {
        most = bytes;
    }

    @Override
    public synchronized @Nullable Entry get(KeyRef ref) {
        return entries.get(ref);
    }

    @Override
    public synchronized Entry merge(KeyRef ref, Entry entry, BinaryOperator<Entry> winner) {
        Entry old = entries.get(ref);
        Entry decided = old == null ? entry : winner.apply(old, entry);
        if (decided != old) {
            entries.put(ref, decided);
            bytes += weight(ref, decided) - (old == null ? 0 : weight(ref, old));
            evict();
        }
        return decided;
    }

    private void evict() {
        Iterator<Map.Entry<KeyRef, Entry>> oldest = entries.entrySet().iterator();
        while (bytes > most && oldest.hasNext()) {
            Map.Entry<KeyRef, Entry> gone = oldest.next();
            bytes -= weight(gone.getKey(), gone.getValue());
            evicted++;
            oldest.remove();
        }
    }

    private static int weight(KeyRef ref, Entry entry) {
        return entry.weight(ref.key().bytes().length);
    }

    @Override
    public synchronized void replace(KeyRef ref, UnaryOperator<Entry> other) {
        Entry old = entries.get(ref);
        if (old != null) {
            merge(ref, other.apply(old), (before, now) -> now);
        }
    }

    @Override
    public void forEach(BiConsumer<KeyRef, Entry> each) {
        Map<KeyRef, Entry> now;
        synchronized (this) {
            now = new LinkedHashMap<>(entries);
        }
        now.forEach(each);
    }

    @Override
    public synchronized Load load() {
        return new Load(entries.size(), bytes, evicted);
    }
}

package dev.holdfast.engine.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.engine.replication.KeyRef;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Entries in a Caffeine cache, which decides by how recently and how often each is asked for. Thread-safe. */
final class CaffeineEntries implements Entries {
    /** An entry that takes more than this part of the room would push out too many others. */
    private static final int LARGEST_PART = 8;

    private final Cache<KeyRef, Entry> cache;
    private final long largest;
    private final LongAdder evicted = new LongAdder();

    CaffeineEntries(long bytes) {
        largest = bytes / LARGEST_PART;
        cache = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((KeyRef ref, Entry entry) -> entry.weight(ref.key().bytes().length))
                // Its upkeep is short, and no thread but the engine's own may run here.
                .executor(Runnable::run)
                .evictionListener((_, _, _) -> evicted.increment())
                .build();
    }

    @Override
    public @Nullable Entry get(KeyRef ref) {
        return cache.getIfPresent(ref);
    }

    @Override
    public Entry merge(KeyRef ref, Entry entry, BinaryOperator<Entry> winner) {
        if (entry.weight(ref.key().bytes().length) <= largest) {
            return cache.asMap().merge(ref, entry, winner);
        }
        Entry old = cache.getIfPresent(ref);
        Entry decided = old == null ? entry : winner.apply(old, entry);
        if (old != null && decided != old) {
            cache.asMap().remove(ref, old);
        }
        return decided;
    }

    @Override
    public void replace(KeyRef ref, UnaryOperator<Entry> other) {
        cache.asMap().computeIfPresent(ref, (key, old) -> other.apply(old));
    }

    @Override
    public void forEach(BiConsumer<KeyRef, Entry> each) {
        cache.asMap().forEach(each);
    }

    @Override
    public Load load() {
        long bytes = cache.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new Load(cache.estimatedSize(), bytes, evicted.sum());
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.KeyRef;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The entries in memory, bounded by their weight. Thread-safe. */
interface Entries {

    /** @param evicted entries that had to go since the start */
    record Load(long entries, long bytes, long evicted) {}

    @Nullable
    Entry get(KeyRef ref);

    /**
     * Puts the entry where there is none, otherwise what {@code winner} makes of the old one and the new one; atomically.
     *
     * @return what was decided, which may be too heavy to stay
     */
    Entry merge(KeyRef ref, Entry entry, BinaryOperator<Entry> winner);

    /** Puts what {@code other} makes of the entry in its place, where there is one; atomically. */
    void replace(KeyRef ref, UnaryOperator<Entry> other);

    /** Passes all that is here at some moment. */
    void forEach(BiConsumer<KeyRef, Entry> each);

    Load load();
}

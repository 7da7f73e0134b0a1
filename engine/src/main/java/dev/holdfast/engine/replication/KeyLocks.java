package dev.holdfast.engine.replication;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Striped locks by key, made as they are first needed. Thread-safe. */
final class KeyLocks {
    private static final int STRIPES = 1024;

    private final AtomicReferenceArray<@Nullable ReentrantReadWriteLock> writes = new AtomicReferenceArray<>(STRIPES);
    private final AtomicReferenceArray<@Nullable ReentrantLock> hints = new AtomicReferenceArray<>(STRIPES);

    /** Plain writes share it; a conditional write excludes them, so that what it has read stays true until it has written. */
    ReentrantReadWriteLock writing(KeyRef ref) {
        return of(writes, ref, () -> new ReentrantReadWriteLock(true));
    }

    /** Guards looking at a key's hint and replacing or deleting it. */
    ReentrantLock hint(KeyRef ref) {
        return of(hints, ref, ReentrantLock::new);
    }

    private static <T> T of(AtomicReferenceArray<@Nullable T> stripes, KeyRef ref, Supplier<T> anew) {
        int stripe = (int) (ref.hash() >>> 8) & (STRIPES - 1);
        T lock = stripes.get(stripe);
        if (lock != null) {
            return lock;
        }
        T made = anew.get();
        T first = stripes.compareAndExchange(stripe, null, made);
        return first == null ? made : first;
    }
}

package dev.holdfast.engine.replication;

import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Striped locks by key. Thread-safe. */
final class KeyLocks {
    private static final int STRIPES = 1024;

    private final ReentrantReadWriteLock[] writes = new ReentrantReadWriteLock[STRIPES];
    private final ReentrantLock[] hints = new ReentrantLock[STRIPES];

    KeyLocks() {
        for (int i = 0; i < STRIPES; i++) {
            writes[i] = new ReentrantReadWriteLock(true);
            hints[i] = new ReentrantLock();
        }
    }

    /** Plain writes share it; a conditional write excludes them, so that what it has read stays true until it has written. */
    ReentrantReadWriteLock writing(KeyRef ref) {
        return writes[(int) (ref.hash() >>> 8) & (STRIPES - 1)];
    }

    /** Guards looking at a key's hint and replacing or deleting it. */
    ReentrantLock hint(KeyRef ref) {
        return hints[(int) (ref.hash() >>> 8) & (STRIPES - 1)];
    }
}

package dev.holdfast.providers.rocksdb;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who is inside a native database, so that it is freed only when nobody is: a call into a freed one ends the process.
 *
 * <p>Thread-safe. Cheaper than a read-write lock, which keeps a count for each virtual thread.
 */
final class Occupancy {
    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch empty = new CountDownLatch(1);

    /** @return false when closed; otherwise {@link #leave} must follow */
    boolean enter() {
        if (inside.incrementAndGet() > 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (inside.decrementAndGet() == Integer.MIN_VALUE) {
            empty.countDown();
        }
    }

    /** Lets nobody in any more and returns once all have left. To be called once. */
    void close() {
        if (inside.getAndAdd(Integer.MIN_VALUE) == 0) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                empty.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

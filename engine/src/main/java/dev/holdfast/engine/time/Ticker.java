package dev.holdfast.engine.time;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes parked threads when their time is up, at most about a tick late. Nearly every wait of the store has a deadline and ends
 * long before it. The JDK's timed park hands each such wait to a scheduling thread and takes it back again; here it is one node on a
 * stack, and one thread looks through all that is new once a tick.
 *
 * <p>Thread-safe.
 */
final class Ticker {
    private static final long TICK_NANOS = 2_000_000;
    /** So that times are compared by their distance, as {@link System#nanoTime} asks. */
    private static final long BEGIN = System.nanoTime();

    private static final class Wait {
        private final Thread thread = Thread.currentThread();
        private final long until;
        private volatile boolean over;
        private @Nullable Wait next;

        private Wait(long until) {
            this.until = until;
        }
    }

    private final AtomicReference<@Nullable Wait> fresh = new AtomicReference<>();
    private final PriorityQueue<Wait> waits = new PriorityQueue<>(Comparator.comparingLong(wait -> wait.until - BEGIN));
    private volatile @Nullable Thread resting;

    Ticker() {
        // Loads the class: who loads it on the way to park may wait for a lock of the loader, and that wait takes the
        // permit of an unpark that
        // has come already. The park would then last to its end.
        Wait none = new Wait(BEGIN);
        none.over = true;
        fresh.set(none);
        Thread.ofPlatform().name("ticker").daemon().start(this::run);
    }

    /** Parks the calling thread until it is unparked, interrupted, or {@code nanos} have passed; may return for no reason. */
    void park(long nanos) {
        Wait wait = new Wait(System.nanoTime() + nanos);
        Wait top;
        do {
            top = fresh.get();
            wait.next = top;
        } while (!fresh.compareAndSet(top, wait));
        Thread asleep = resting;
        if (asleep != null) {
            LockSupport.unpark(asleep);
        }
        LockSupport.park(this);
        wait.over = true;
    }

    private void run() {
        while (true) {
            boolean busy = takeFresh();
            long now = System.nanoTime();
            Wait first = waits.peek();
            while (first != null && (first.over || first.until - now <= 0)) {
                waits.poll();
                if (!first.over) {
                    LockSupport.unpark(first.thread);
                }
                first = waits.peek();
            }
            if (busy) {
                LockSupport.parkNanos(TICK_NANOS);
            } else {
                rest(first, now);
            }
        }
    }

    /** Until the next wait ends, or a new one begins. */
    private void rest(@Nullable Wait first, long now) {
        resting = Thread.currentThread();
        if (fresh.get() == null) {
            if (first == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, first.until - now);
            }
        }
        resting = null;
    }

    /** @return whether there were any */
    private boolean takeFresh() {
        Wait taken = fresh.getAndSet(null);
        for (Wait wait = taken; wait != null; wait = wait.next) {
            if (!wait.over) {
                waits.add(wait);
            }
        }
        return taken != null;
    }
}

package dev.holdfast.engine.time;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads waiting, with a deadline, for a condition that other threads make true. The one that changes the condition calls
 * {@link #wake}; a waiter checks its condition each time.
 *
 * <p>Thread-safe.
 */
public final class Signal {
    private final Time time;
    private final ConcurrentLinkedQueue<Thread> waiters = new ConcurrentLinkedQueue<>();

    public Signal(Time time) {
        this.time = time;
    }

    /** Has every waiter look at its condition again. */
    public void wake() {
        for (Thread waiter : waiters) {
            LockSupport.unpark(waiter);
        }
    }

    /**
     * Waits until {@code condition} holds or the clock of {@link Time#nanos} reaches {@code deadline}.
     *
     * @return whether the condition held
     * @throws InterruptedException when the thread is interrupted before the condition holds
     */
    public boolean await(long deadline, BooleanSupplier condition) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        Thread self = Thread.currentThread();
        waiters.add(self);
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - time.nanos();
                if (left <= 0) {
                    return false;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                time.park(left);
            }
            return true;
        } finally {
            waiters.remove(self);
        }
    }
}

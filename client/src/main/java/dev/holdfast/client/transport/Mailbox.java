package dev.holdfast.client.transport;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where many threads leave things for one thread, which waits for them no longer than it wants to. */
final class Mailbox<T> {
    private final ConcurrentLinkedQueue<T> things = new ConcurrentLinkedQueue<>();
    private final Thread owner = Thread.currentThread();
    private final Time time;

    /** For the calling thread to wait at. */
    Mailbox(Time time) {
        this.time = time;
    }

    void put(T thing) {
        things.add(thing);
        LockSupport.unpark(owner);
    }

    /** @return null when {@code nanos} have passed and nothing is there */
    @Nullable
    T take(long nanos) throws InterruptedException {
        long end = time.nanos() + nanos;
        while (true) {
            T thing = things.poll();
            if (thing != null) {
                return thing;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = end - time.nanos();
            if (left <= 0) {
                return null;
            }
            time.park(left);
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that run the reads of one provider whose calls hold their thread. On virtual threads such calls would pin the
 * carriers, and one disk that hangs would stop every request; here it stops no more than these threads.
 *
 * <p>A thread takes one task after another as long as there are any, so that under load nobody has to be woken. A further one is
 * woken only when more than a few tasks wait for each that is at work, or those at work are held up.
 *
 * <p>Thread-safe.
 */
final class ReaderThreads {
    private static final int WAITING_FOR_EACH = 8;
    /** When no task was taken for so long, those at work are being held up. */
    private static final long STUCK_NANOS = 1_000_000;

    private final Time time;
    private final String name;
    private final int max;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final ConcurrentLinkedDeque<Thread> idle = new ConcurrentLinkedDeque<>();
    private volatile long lastTaken;
    private volatile boolean closed;

    ReaderThreads(Time time, String name, int max) {
        this.time = time;
        this.name = name;
        this.max = max;
    }

    /** Has one of the threads run the task. The task must not throw. */
    void run(Runnable task) {
        tasks.add(task);
        int queued = waiting.incrementAndGet();
        int busy = working.get();
        if (busy == 0 || queued > WAITING_FOR_EACH * busy || time.nanos() - lastTaken > STUCK_NANOS) {
            oneMore();
        }
    }

    /** Has one more thread look for tasks: somebody has waited for too long. */
    void nudge() {
        if (waiting.get() > 0) {
            oneMore();
        }
    }

    private void oneMore() {
        Thread thread = idle.pollFirst();
        if (thread != null) {
            working.incrementAndGet();
            LockSupport.unpark(thread);
        } else if (started.get() < max) {
            int number = started.incrementAndGet();
            if (number <= max) {
                working.incrementAndGet();
                time.dedicate(name + "-" + number, this::work);
            } else {
                started.decrementAndGet();
            }
        }
    }

    private void work() {
        Thread self = Thread.currentThread();
        while (!closed) {
            Runnable task = tasks.poll();
            if (task != null) {
                waiting.decrementAndGet();
                lastTaken = time.nanos();
                // The interrupt that ended an earlier task must not end this one.
                Thread.interrupted();
                task.run();
                continue;
            }
            working.decrementAndGet();
            idle.addFirst(self);
            // A task that came between the look and the lying down would otherwise wait for the next one to come.
            if (!tasks.isEmpty() && idle.remove(self)) {
                working.incrementAndGet();
                continue;
            }
            while (!closed && idle.contains(self)) {
                LockSupport.park(this);
                // With an interrupt left behind no park would wait.
                Thread.interrupted();
            }
        }
    }

    /** Lets the threads end; tasks that wait are not run. */
    void close() {
        closed = true;
        for (Thread thread : idle) {
            LockSupport.unpark(thread);
        }
    }
}

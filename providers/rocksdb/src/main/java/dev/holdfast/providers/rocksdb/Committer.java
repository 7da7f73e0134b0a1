package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to a database. It takes all that is waiting, has it applied as one group with one sync, and lets
 * the waiters go; meanwhile the next group gathers. Being one thread it decides put-if-newer without locks, and no virtual
 * thread is held by an fsync. See docs/adr/0003-one-committer-per-database.md.
 *
 * <p>Thread-safe. At most {@link #MAX_UNITS} wait; whoever comes then waits outside, first come, first served.
 *
 * @param <W> the kinds of work of this database
 */
final class Committer<W extends Work> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** 64 MiB, or 131,072 small writes. */
    static final int MAX_UNITS = 64 * 1024 * 1024 / Work.UNIT_BYTES;

    /** Bounds how long the first of a group waits for the last. */
    private static final int GROUP_UNITS = MAX_UNITS / 8;

    /**
     * Makes a group durable and notes in each work what it came to, without settling it. A fault it throws is that of all;
     * works may be refused one by one instead.
     */
    @FunctionalInterface
    interface Group<W> {
        void commit(List<W> group) throws ProviderFault;
    }

    /** Lies in the queue when nothing may follow. */
    private static final class End extends Work {
        End() {
            super(0);
        }
    }

    private final Class<W> kind;
    private final Group<W> group;
    private final AtomicReference<@Nullable Work> newest = new AtomicReference<>();
    private final Semaphore room = new Semaphore(MAX_UNITS, true);
    private final Thread thread;
    private volatile boolean closing;

    Committer(String name, Class<W> kind, Time time, Group<W> group) {
        this.kind = kind;
        this.group = group;
        this.thread = time.dedicate(name, this::run);
    }

    /** Queues the work and returns once it is on disk. */
    void commit(W work) throws ProviderFault {
        queue(work);
        work.await();
    }

    /** Queues the work, after all that is queued already; waits for room. */
    void queue(W work) throws ProviderFault {
        try {
            room.acquire(work.units());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, "given up while waiting for a place in the queue of writes", e);
        }
        if (!push(work)) {
            room.release(work.units());
            throw new ProviderFault(FaultKind.UNAVAILABLE, "the database is being closed");
        }
    }

    /**
     * Queues the work if there is room at once. It is told of on the committer's thread.
     *
     * @return false when it has not been queued
     */
    boolean offer(W work) {
        if (!room.tryAcquire(work.units())) {
            return false;
        }
        boolean queued = push(work);
        if (!queued) {
            room.release(work.units());
        }
        return queued;
    }

    private boolean push(Work work) {
        Work before;
        do {
            before = newest.get();
            if (before instanceof End) {
                return false;
            }
            work.next = before;
        } while (!newest.compareAndSet(before, work));
        if (before == null) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    private void run() {
        while (true) {
            Work last = newest.getAndSet(null);
            if (last != null) {
                commitAll(last);
            } else if (!closing) {
                LockSupport.park(this);
            } else if (newest.compareAndSet(null, new End())) {
                return;
            }
        }
    }

    private void commitAll(Work last) {
        List<W> waiting = new ArrayList<>();
        for (Work each = last; each != null; each = each.next) {
            waiting.add(kind.cast(each));
        }
        List<W> inOrder = waiting.reversed();
        int from = 0;
        while (from < inOrder.size()) {
            int to = from;
            int units = 0;
            while (to < inOrder.size() && (to == from || units + inOrder.get(to).units() <= GROUP_UNITS)) {
                units += inOrder.get(to).units();
                to++;
            }
            commitGroup(inOrder.subList(from, to));
            room.release(units);
            from = to;
        }
    }

    private void commitGroup(List<W> works) {
        try {
            group.commit(works);
        } catch (ProviderFault e) {
            works.forEach(each -> each.refuse(e));
        } catch (RuntimeException e) {
            // A defect of ours must not leave the waiters waiting, nor end the only thread that writes.
            ProviderFault fault = new ProviderFault(FaultKind.UNAVAILABLE, "committing failed: " + e, e);
            works.forEach(each -> each.refuse(fault));
        }
        works.forEach(Committer::settle);
    }

    /** Whoever is told must not throw; if one does, the others are told all the same, and the thread goes on. */
    private static void settle(Work work) {
        try {
            work.settle();
        } catch (RuntimeException e) {
            LOG.error("a write is done, and telling of it failed", e);
        }
    }

    /** Commits what is queued, refuses what comes later, and returns when the thread is done. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way through the {@link Committer}. The thread that makes it is the one that waits for it, unless somebody else
 * is to be told.
 */
abstract class Work {
    /** Bytes that one unit of the queue's bound stands for. */
    static final int UNIT_BYTES = 512;

    private final Thread waiter = Thread.currentThread();
    private final int units;
    private @Nullable ProviderFault fault;
    private volatile boolean settled;

    /** Written by the thread that queues it, read by the committer. */
    @Nullable
    Work next;

    /** @param bytes about how many it adds to the log */
    Work(long bytes) {
        this.units = (int) Math.min(Committer.MAX_UNITS, 1 + bytes / UNIT_BYTES);
    }

    final int units() {
        return units;
    }

    /** Lets the waiter go on. What the work came to must have been noted before, for this publishes it. */
    final void settle() {
        settled = true;
        tell(fault);
    }

    /** Tells those concerned that it is done, on the committer's thread. */
    void tell(@Nullable ProviderFault why) {
        LockSupport.unpark(waiter);
    }

    /** Notes that it was not done. */
    final void refuse(ProviderFault why) {
        fault = why;
    }

    /** Waits until the work is on disk, even when interrupted; the interruption is kept for the caller. */
    final void awaitWhateverComes() throws ProviderFault {
        boolean interrupted = false;
        while (!settled) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        await();
    }

    /** Waits until the work is on disk. */
    final void await() throws ProviderFault {
        while (!settled) {
            LockSupport.park(this);
            if (!settled && Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new ProviderFault(
                        FaultKind.TIMEOUT, "given up while waiting for the disk; the write may still happen");
            }
        }
        if (fault != null) {
            throw fault;
        }
    }
}

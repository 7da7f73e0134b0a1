package dev.holdfast.simulation.scheduler;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread waiting for what another one does for it, which may also go on when nobody waits any more. */
public final class Pending<T, F extends Exception> {
    private final Thread waiter = Thread.currentThread();
    private @Nullable T value;
    private @Nullable F fault;
    private boolean done;

    public void answer(T answered) {
        if (!done) {
            value = answered;
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    public void fail(F failed) {
        if (!done) {
            fault = failed;
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    /** Waits for as long as it takes, even when interrupted; the interruption is kept for the caller. */
    public T await() throws F {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result();
    }

    /** Waits until there is an answer or the thread is interrupted. */
    public T awaitInterruptibly() throws F, InterruptedException {
        while (!done) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        return result();
    }

    private T result() throws F {
        F failed = fault;
        if (failed != null) {
            throw failed;
        }
        T answered = value;
        if (answered == null) {
            throw new IllegalStateException("done without an answer");
        }
        return answered;
    }
}

package dev.holdfast.simulation.scheduler;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread of the simulated world. The JDK hands its continuation to {@link #execute} whenever the thread can go on;
 * the scheduler decides when it does.
 */
final class Fiber implements Executor, Runnable {
    private final Scheduler scheduler;
    private final long id;
    private final Process process;
    private @Nullable Runnable continuation;
    private @Nullable Thread thread;
    private boolean ended;

    Fiber(Scheduler scheduler, long id, Process process) {
        this.scheduler = scheduler;
        this.id = id;
        this.process = process;
    }

    @Override
    public void execute(Runnable next) {
        continuation = next;
        scheduler.runnable(this);
    }

    void resume() {
        Runnable next = continuation;
        if (next == null) {
            throw new IllegalStateException(this + " is not runnable");
        }
        continuation = null;
        next.run();
    }

    void bind(Thread made) {
        thread = made;
    }

    Thread thread() {
        Thread bound = thread;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return bound;
    }

    /** Rises in the order of forking, the same in every run of a seed, unlike the JDK's thread ids. */
    long id() {
        return id;
    }

    Process process() {
        return process;
    }

    /** As a timer it wakes its thread. */
    @Override
    public void run() {
        LockSupport.unpark(thread());
    }

    /** Its task is done. */
    void end() {
        ended = true;
    }

    /** Whether it waits for a monitor. */
    boolean blocked() {
        return !ended && thread().getState() == Thread.State.BLOCKED;
    }

    boolean gone() {
        return process.dead() || ended;
    }

    @Override
    public String toString() {
        return process.name() + "/" + (thread == null ? "" : thread.getName()) + "#" + id;
    }
}

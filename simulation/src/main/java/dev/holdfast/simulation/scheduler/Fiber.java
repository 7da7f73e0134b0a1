package dev.holdfast.simulation.scheduler;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread of the simulated world. The JDK hands its continuation to {@link #execute} whenever the thread can go on;
 * the scheduler decides when it does.
 */
final class Fiber implements Executor {
    private final Scheduler scheduler;
    private final long id;
    private final Process process;
    private @Nullable Runnable continuation;
    private @Nullable Thread thread;

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

    /** Whether it waits for a monitor. */
    boolean blocked() {
        return thread().getState() == Thread.State.BLOCKED;
    }

    boolean gone() {
        return process.dead() || thread().getState() == Thread.State.TERMINATED;
    }

    @Override
    public String toString() {
        return process.name() + "/" + (thread == null ? "" : thread.getName()) + "#" + id;
    }
}

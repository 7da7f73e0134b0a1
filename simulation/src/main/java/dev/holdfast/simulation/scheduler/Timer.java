package dev.holdfast.simulation.scheduler;

import org.jspecify.annotations.Nullable;

/** Something that happens later in virtual time, unless it is cancelled first or its process dies. */
public final class Timer {
    private final long at;
    private final long order;
    private final Process process;
    private final Runnable due;
    /** Where it waits, and at which place there; null when it waits no more. */
    @Nullable
    Timers queue;

    int place;

    Timer(Timers queue, long at, long order, Process process, Runnable due) {
        this.queue = queue;
        this.at = at;
        this.order = order;
        this.process = process;
        this.due = due;
    }

    long at() {
        return at;
    }

    Process process() {
        return process;
    }

    void run() {
        due.run();
    }

    boolean before(Timer other) {
        return at != other.at ? at < other.at : order < other.order;
    }

    /** It does not happen, if it has not yet. */
    public void cancel() {
        Timers waiting = queue;
        if (waiting != null) {
            waiting.remove(this);
        }
    }
}

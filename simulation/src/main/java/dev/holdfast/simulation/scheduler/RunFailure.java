package dev.holdfast.simulation.scheduler;

/** A run that cannot go on: it hangs, it is deadlocked, a thread threw, or it broke the rules that make it replayable. */
public final class RunFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    RunFailure(String what) {
        super(what);
    }

    RunFailure(String what, Throwable cause) {
        super(what, cause);
    }
}

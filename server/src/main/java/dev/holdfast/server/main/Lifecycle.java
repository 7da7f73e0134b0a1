package dev.holdfast.server.main;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the server is between its start and its end; moved by compare-and-set, forwards only.
 *
 * <pre>
 *   STARTING -> SERVING -> STOPPING -> STOPPED
 *   STARTING ------------> STOPPING    (a start that failed, or was interrupted)
 * </pre>
 */
final class Lifecycle {
    enum State {
        STARTING,
        SERVING,
        STOPPING,
        STOPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

    State state() {
        return state.get();
    }

    /** Whether it was STARTING and is SERVING now. */
    boolean serve() {
        return state.compareAndSet(State.STARTING, State.SERVING);
    }

    /** Whether the caller is the one who has to stop the server. */
    boolean stop() {
        return state.compareAndSet(State.SERVING, State.STOPPING)
                || state.compareAndSet(State.STARTING, State.STOPPING);
    }

    void stopped() {
        state.set(State.STOPPED);
    }
}

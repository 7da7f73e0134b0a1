package dev.holdfast.simulation.scheduler;

/** Threads that die together: a node, a provider's server. A dead one stays dead; a restart is a new process. */
public final class Process {
    private final String name;
    private boolean dead;
    private long pausedUntil = Long.MIN_VALUE;

    public Process(String name) {
        this.name = name;
    }

    /** From now on none of its threads ever runs again: no finally block, no release of a lock, as with kill -9. */
    public void kill() {
        dead = true;
    }

    /** None of its threads runs before then, as while a collector has stopped them all. Its clocks go on. */
    public void pause(long until) {
        pausedUntil = until;
    }

    boolean paused(long now) {
        return now < pausedUntil;
    }

    long pausedUntil() {
        return pausedUntil;
    }

    public boolean dead() {
        return dead;
    }

    public String name() {
        return name;
    }
}

package dev.holdfast.client.transport;

/**
 * The only door of the client to clocks, timed waiting, threads and randomness, so that tests can run on time that they move
 * themselves. Untimed waiting needs no door. Thread-safe.
 */
public interface Time {

    /** Milliseconds since 1970 by a clock that may be wrong, jump, or step back. */
    long wallMillis();

    /** Nanoseconds of a clock that never steps back. Only differences mean anything. */
    long nanos();

    /** Evenly between 0 and 1; 1 is never reached. */
    double random();

    /** Starts a virtual thread. The task must not throw. */
    Thread fork(String name, Runnable task);

    /** Parks the calling thread until it is unparked, interrupted or {@code nanos} have passed; or for no reason at all. */
    void park(long nanos);

    /** The JDK's. */
    static Time system() {
        return SystemTime.INSTANCE;
    }
}

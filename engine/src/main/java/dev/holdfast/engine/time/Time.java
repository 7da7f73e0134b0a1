package dev.holdfast.engine.time;

import java.util.random.RandomGenerator;

/**
 * The only door to clocks, sleeping, threads and randomness. In production it opens on the JDK ({@link SystemTime}); in
 * simulation on a seeded scheduler with virtual time, so that the code that is simulated is the code that ships.
 *
 * <p>Untimed waiting (locks, {@code LockSupport.park}, queues) needs no door: it is driven by other threads. Everything
 * that waits for time to pass comes through here.
 *
 * <p>Thread-safe.
 */
public interface Time {

    /** Milliseconds since the Unix epoch by this node's wall clock, which may be wrong, jump, or step back. */
    long wallMillis();

    /** Nanoseconds of a clock that never steps back. Only differences mean anything. */
    long nanos();

    /** Randomness for jitter and identities. Thread-safe; not for secrets. */
    RandomGenerator random();

    /** Starts a virtual thread. The task must not throw. */
    Thread fork(String name, Runnable task);

    /**
     * Starts a thread that may be held for long by native calls (fsync, JNI). A virtual thread would pin its carrier there and
     * stall every other one.
     */
    Thread dedicate(String name, Runnable task);

    /**
     * Parks the calling thread until it is unparked, interrupted, or {@code nanos} have passed; may also return for no reason.
     * Callers loop on their condition, as with {@link java.util.concurrent.locks.LockSupport#parkNanos(long)}.
     */
    void park(long nanos);

    /** Sleeps for {@code nanos}, at once for zero or less. */
    void sleep(long nanos) throws InterruptedException;
}

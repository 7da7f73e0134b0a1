package dev.holdfast.engine.time;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The door as it opens in production: on the JDK's clocks, threads and randomness. */
public final class SystemTime implements Time {

    /** Delegates at each call, since the JDK's thread-local generator must not be shared between threads. */
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private static final Ticker TICKER = new Ticker();

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return RANDOM;
    }

    @Override
    public Thread fork(String name, Runnable task) {
        return Thread.ofVirtual().name(name).start(task);
    }

    @Override
    public Thread dedicate(String name, Runnable task) {
        return Thread.ofPlatform().name(name).daemon().start(task);
    }

    @Override
    public void park(long nanos) {
        if (Thread.currentThread().isVirtual()) {
            TICKER.park(nanos);
        } else {
            LockSupport.parkNanos(nanos);
        }
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        if (nanos > 0) {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        }
    }
}

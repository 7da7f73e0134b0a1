package dev.holdfast.client.transport;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The JDK's clocks, threads and randomness. */
enum SystemTime implements Time {
    INSTANCE;

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public Thread fork(String name, Runnable task) {
        return Thread.ofVirtual().name(name).start(task);
    }

    @Override
    public void park(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }
}

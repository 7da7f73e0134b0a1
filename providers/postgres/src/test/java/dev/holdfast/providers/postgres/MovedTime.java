package dev.holdfast.providers.postgres;

import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** The JDK's, but for clocks that are moved on. */
public final class MovedTime implements Time {
    private final Time real = new SystemTime();
    private final AtomicLong wall = new AtomicLong();
    private final AtomicLong steady = new AtomicLong();

    /** Sets the wall clock on. */
    public void move(Duration by) {
        wall.addAndGet(by.toMillis());
    }

    /** Has so much pass by the clock that never steps. */
    public void pass(Duration by) {
        steady.addAndGet(by.toNanos());
    }

    @Override
    public long wallMillis() {
        return real.wallMillis() + wall.get();
    }

    @Override
    public long nanos() {
        return real.nanos() + steady.get();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public Thread fork(String name, Runnable task) {
        return real.fork(name, task);
    }

    @Override
    public Thread dedicate(String name, Runnable task) {
        return real.dedicate(name, task);
    }

    @Override
    public void park(long nanos) {
        real.park(nanos);
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        real.sleep(nanos);
    }
}

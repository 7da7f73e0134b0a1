package dev.holdfast.engine.time;

import java.util.random.RandomGenerator;

/** A door that stays shut, but for what a test opens of it. */
public class UnusedTime implements Time {
    @Override
    public long wallMillis() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long nanos() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RandomGenerator random() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Thread fork(String name, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Thread dedicate(String name, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void park(long nanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sleep(long nanos) {
        throw new UnsupportedOperationException();
    }
}

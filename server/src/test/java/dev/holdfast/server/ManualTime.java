package dev.holdfast.server;

import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A wall clock that stands where the test puts it; everything else is real. */
public class ManualTime implements Time {
    private final Time real = new SystemTime();
    private final AtomicLong wall = new AtomicLong(1_800_000_000_000L);

    public void advance(long millis) {
        wall.addAndGet(millis);
    }

    @Override
    public long wallMillis() {
        return wall.get();
    }

    @Override
    public long nanos() {
        return real.nanos();
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

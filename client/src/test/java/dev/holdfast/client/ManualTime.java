package dev.holdfast.client;

import dev.holdfast.client.transport.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Time that passes when the test says so. What waits for time to pass can itself be waited for. */
public final class ManualTime implements Time {
    private static final long HANG_MILLIS = 20_000;

    private final Map<Thread, Long> parked = new HashMap<>();
    private final List<Thread> forked = new ArrayList<>();
    private long nanos = 1_000;
    private long wallMillis = 1_800_000_000_000L;
    private volatile double random = 0.5;

    @Override
    public synchronized long wallMillis() {
        return wallMillis;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public double random() {
        return random;
    }

    public void random(double always) {
        random = always;
    }

    @Override
    public synchronized Thread fork(String name, Runnable task) {
        Thread thread = Thread.ofVirtual().name(name).start(task);
        forked.add(thread);
        return thread;
    }

    @Override
    public void park(long forNanos) {
        synchronized (this) {
            parked.put(Thread.currentThread(), nanos + forNanos);
            notifyAll();
        }
        LockSupport.park(this);
        synchronized (this) {
            parked.remove(Thread.currentThread());
        }
    }

    /** Lets time pass. */
    public synchronized void advance(Duration duration) {
        nanos += duration.toNanos();
        wallMillis += duration.toMillis();
        parked.forEach((thread, until) -> {
            if (until - nanos <= 0) {
                LockSupport.unpark(thread);
            }
        });
    }

    /** Sets the wall clock. */
    public synchronized void stepWall(Duration by) {
        wallMillis += by.toMillis();
    }

    /** Waits until somebody waits for at least {@code least} and at most {@code most} to pass, and lets {@code most} pass. */
    public void advanceWhenAwaited(Duration least, Duration most) throws InterruptedException {
        awaitParked(least, most);
        advance(most);
    }

    /** Waits until somebody waits for a time between these to pass. */
    public synchronized void awaitParked(Duration least, Duration most) throws InterruptedException {
        long end = System.nanoTime() + HANG_MILLIS * 1_000_000;
        while (parked.values().stream()
                .noneMatch(until -> until - nanos >= least.toNanos() && until - nanos <= most.toNanos())) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("nobody waits between " + least + " and " + most + ", but until "
                        + parked.values().stream()
                                .map(until -> Duration.ofNanos(until - nanos))
                                .toList());
            }
            wait(left);
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;

/** So many bytes a second, with a second's worth at once at most. Belongs to one thread. */
final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final Time time;
    private final double bytesPerSecond;
    private long dueAt;

    /** @param bytesPerSecond 0 for no bound */
    Pace(Time time, double bytesPerSecond) {
        this.time = time;
        this.bytesPerSecond = bytesPerSecond;
        this.dueAt = time.nanos();
    }

    /** Waits until what was read before is paid for, and takes this. */
    void await(long bytes) throws InterruptedException {
        if (bytesPerSecond <= 0) {
            return;
        }
        long now = time.nanos();
        if (now - dueAt > SECOND) {
            dueAt = now - SECOND;
        }
        if (dueAt - now > 0) {
            time.sleep(dueAt - now);
        }
        dueAt += (long) Math.ceil(bytes / bytesPerSecond * SECOND);
    }
}

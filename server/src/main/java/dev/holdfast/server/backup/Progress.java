package dev.holdfast.server.backup;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicLong;

/** How far something is that takes long. Thread-safe. */
final class Progress {
    private final Time time;
    private final AtomicLong done = new AtomicLong();
    private volatile String doing = "";
    private volatile long expected = -1;
    private volatile long begunAt;

    Progress(Time time) {
        this.time = time;
        this.begunAt = time.nanos();
    }

    /**
     * Begins the next part.
     *
     * @param what in a few words
     * @param howMuch negative when that is not known
     */
    void begin(String what, long howMuch) {
        doing = what;
        expected = howMuch;
        begunAt = time.nanos();
        done.set(0);
    }

    void add(long more) {
        done.addAndGet(more);
    }

    void at(long now) {
        done.set(now);
    }

    String doing() {
        return doing;
    }

    long done() {
        return done.get();
    }

    /** How much there is in all; negative when that is not known. */
    long expected() {
        return expected;
    }

    double perSecond() {
        return done.get() * 1e9 / Math.max(1, time.nanos() - begunAt);
    }

    /** Until this part is over, if it goes on as it has; -1 when nobody can tell. */
    long leftMillis() {
        double rate = perSecond();
        return expected < 0 || rate <= 0 ? -1 : (long) (1e3 * Math.max(0, expected - done.get()) / rate);
    }
}

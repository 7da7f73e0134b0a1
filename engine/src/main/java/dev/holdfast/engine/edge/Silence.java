package dev.holdfast.engine.edge;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether those who are asked answer at all. While they do not, a question is sent now and then to find out whether that is over, and
 * nobody who has something to answer with waits for it. Thread-safe.
 */
final class Silence {
    private static final long PAUSE_NANOS = 200_000_000;

    private final Time time;
    private volatile boolean lasts;
    private volatile long answeredAt;
    private final AtomicLong nextTry;

    Silence(Time time) {
        this.time = time;
        this.answeredAt = time.nanos();
        this.nextTry = new AtomicLong(answeredAt);
    }

    /** Somebody has answered, be it that there is nothing. */
    void broken() {
        answeredAt = time.nanos();
        lasts = false;
    }

    /** A question was refused: nobody could be asked. */
    void begin() {
        if (!lasts) {
            // Once only: who is refused again and again must not put off the next try.
            nextTry.set(time.nanos() + PAUSE_NANOS);
            lasts = true;
        }
    }

    /** A question has waited in vain for so long; it may be alone in that. */
    void waitedInVain(long nanos) {
        if (time.nanos() - answeredAt > nanos) {
            begin();
        }
    }

    boolean lasts() {
        return lasts;
    }

    /** Whether it is for the caller to find out whether it is over: for one in each pause. */
    boolean claimTry() {
        long at = nextTry.get();
        long now = time.nanos();
        return now - at >= 0 && nextTry.compareAndSet(at, now + PAUSE_NANOS);
    }
}

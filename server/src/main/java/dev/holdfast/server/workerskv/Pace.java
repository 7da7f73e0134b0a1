package dev.holdfast.server.workerskv;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.TimeUnit;

/**
 * Keeps requests below a number in any five minutes, which is how Cloudflare counts them: 1,200 for all that a user does. A tenth of them may come
 * at once, and the others evenly. Thread-safe.
 */
public final class Pace {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int BURST = 10;

    private final Time time;
    private final long interval;
    private final long burst;
    /** When the next request would be due if there were no bursts, and what 429 has asked for. */
    private long due;

    private long restUntil;

    /** @param perFiveMinutes 1 or more */
    public Pace(Time time, int perFiveMinutes) {
        this.time = time;
        this.interval = WINDOW_NANOS / (BURST - 1) * BURST / perFiveMinutes;
        this.burst = WINDOW_NANOS / (BURST - 1);
        this.due = time.nanos();
        this.restUntil = due;
    }

    /** Waits until a request may be sent. */
    public void take() throws InterruptedException {
        for (long wait = reserve(); wait > 0; wait = reserve()) {
            time.sleep(wait);
        }
    }

    /** Whether a request may be sent now. */
    public boolean tryTake() {
        return reserve() <= 0;
    }

    /** Nothing is sent for so long: it has been too much. */
    public synchronized void rest(long nanos) {
        long until = time.nanos() + nanos;
        if (until - restUntil > 0) {
            restUntil = until;
        }
    }

    /** After how many seconds to try again what {@link #tryTake} has not allowed. */
    public synchronized int retrySeconds() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(ahead(time.nanos())) + 1);
    }

    /** @return 0 when one has been taken; otherwise for how long to wait before asking again */
    private synchronized long reserve() {
        long now = time.nanos();
        long wait = ahead(now);
        if (wait > 0) {
            return wait;
        }
        due = (due - now < 0 ? now : due) + interval;
        return 0;
    }

    private long ahead(long now) {
        return Math.max(restUntil - now, due - burst - now);
    }
}

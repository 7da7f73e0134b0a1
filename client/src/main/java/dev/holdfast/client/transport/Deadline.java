package dev.holdfast.client.transport;

import java.time.Duration;

/** When a call must be over, whatever it takes: all its attempts, pauses and waits count. */
public final class Deadline {
    private final Time time;
    private final long at;

    private Deadline(Time time, long at) {
        this.time = time;
        this.at = at;
    }

    public static Deadline after(Time time, Duration duration) {
        return new Deadline(time, time.nanos() + duration.toNanos());
    }

    /** The sooner of this one and {@code duration} from now. */
    public Deadline atMost(Duration duration) {
        return new Deadline(time, time.nanos() + Math.min(remaining(), duration.toNanos()));
    }

    /** Nanoseconds that are left; zero or less when it has passed. */
    public long remaining() {
        return at - time.nanos();
    }

    /** Whether {@code other} comes later than this one. */
    public boolean before(Deadline other) {
        return at - other.at < 0;
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;

/** How long a call goes on asking when those it asked have left it without an answer. Belongs to one call. */
final class Retry {
    private static final long FIRST_PAUSE_NANOS = 1_000_000;

    private final Time time;
    private final Members members;
    private final Circle circle;
    private final long longestPause;
    private final long deadline;
    private long pause = FIRST_PAUSE_NANOS;

    /** @param longestPauseNanos between two tries, of which the first follow one another faster */
    Retry(Time time, Members members, Circle circle, long timeoutNanos, long longestPauseNanos) {
        this.longestPause = longestPauseNanos;
        this.time = time;
        this.members = members;
        this.circle = circle;
        members.repeats().first();
        this.deadline = Request.now().atMost(time.nanos() + timeoutNanos);
    }

    /** On the clock of {@link Time#nanos}. */
    long deadline() {
        return deadline;
    }

    boolean over() {
        return time.nanos() >= deadline;
    }

    /**
     * Whether there is, or will be in a moment, a provider whose word counts. If not, those asked were the last resort, and asking them
     * until the deadline would only keep the client waiting.
     */
    boolean somebodyReturns() throws InterruptedException {
        return circle.awaitInGap(
                deadline, () -> !circle.where(Health::wordCounts).isEmpty());
    }

    /**
     * Before another try, longer each time, and never past the deadline.
     *
     * @param changing whether only what is being changed at this moment is to be looked at again, which is nobody's failure
     * @return false when this node has asked again so often that it may not now ({@link Repeats}): who waits for its turn would do so in vain,
     *     while all that fails is asked again
     */
    boolean pause(boolean changing) throws InterruptedException {
        time.sleep(Math.max(0, Math.min(pause, deadline - time.nanos())));
        pause = Math.min(2 * pause, longestPause);
        return changing || members.repeats().take();
    }
}

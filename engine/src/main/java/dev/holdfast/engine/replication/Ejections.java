package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntSupplier;

/**
 * How many providers may be given up within a minute on evidence that this node's own trouble could make as well: that they are late, or
 * do not answer. When everybody is late, who says so is the one that is ill, and giving them all up would make it an outage
 * (promise P7). Those beyond the share are given up once they have answered nothing at all for as long as the last one left may be silent.
 *
 * <p>Providers are told by their place in the placement. Belongs to {@link Members}, under whose lock it is changed; whoever looks which are
 * held needs none.
 */
final class Ejections {
    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private final Time time;
    private final IntSupplier providers;
    private final double share;
    private final long[] ejectedAt;
    private final AtomicLongArray heldAt;

    /**
     * @param slots all places in the placement are below this
     * @param providers how many there are now
     * @param share of them that may be given up so within a minute, 0 to 1; one may be in any case
     */
    Ejections(Time time, int slots, IntSupplier providers, double share) {
        this.time = time;
        this.providers = providers;
        this.share = share;
        this.ejectedAt = new long[slots];
        this.heldAt = new AtomicLongArray(slots);
        Arrays.fill(ejectedAt, NEVER);
        for (int i = 0; i < slots; i++) {
            heldAt.set(i, NEVER);
        }
    }

    /**
     * Whether one more may be given up now, besides those that were within the last minute and are not back.
     *
     * @param away those that are not current
     */
    boolean allowed(int member, List<Integer> away) {
        int ejected = 0;
        for (int other : away) {
            ejected += other != member && within(ejectedAt[other]) ? 1 : 0;
        }
        return ejected < most();
    }

    /** It is given up. */
    void ejected(int member) {
        ejectedAt[member] = time.nanos();
        heldAt.set(member, NEVER);
    }

    /** It would be given up, but for the share. */
    void held(int member) {
        heldAt.set(member, time.nanos());
    }

    /** Whether it would have been given up within the last minute, but for the share. */
    boolean isHeld(int member) {
        return within(heldAt.get(member));
    }

    /** How many may be given up so within a minute. */
    int most() {
        return Math.max(1, (int) (share * providers.getAsInt()));
    }

    private boolean within(long at) {
        return at != NEVER && time.nanos() - at < WINDOW_NANOS;
    }
}

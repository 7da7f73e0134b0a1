package dev.holdfast.engine.kv;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stamps versions that rise on this node whatever its wall clock does, and that follow the versions of other nodes within a
 * bound. The algorithm is the hybrid logical clock of Kulkarni et al., "Logical Physical Clocks" (2014), with a bound on the
 * drift it accepts and a durable reservation:
 *
 * <ul>
 *   <li>It never stamps above what {@link Reservation} has made durable, so that a restart after a crash, even with a wall
 *       clock that stepped back, begins above everything that was stamped before.
 *   <li>{@link #observe} refuses a version further ahead of the wall clock than {@code maxSkewMillis} and what a restart skips: one
 *       node with a wrong clock must not carry the others into the future.
 * </ul>
 *
 * Thread-safe.
 */
public final class HybridClock {
    /** How far ahead of the wall clock a reservation is made: a crash skips at most this much of version space. */
    public static final long RESERVE_MILLIS = 1_000;

    /**
     * How far a reservation goes beyond stamps that are ahead of the wall clock already. So little, or a node that crashes again and
     * again would be a second further ahead each time, until the others took it for one with a wrong clock.
     */
    private static final long AHEAD_MILLIS = 100;

    /** No version may be stamped, since a restart could stamp it again. */
    public static final class NotReserved extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String what;
        private final boolean full;

        /** @param full whether the disk had no room; otherwise it failed */
        public NotReserved(String what, boolean full, Throwable cause) {
            super(what, cause);
            this.what = what;
            this.full = full;
        }

        @Override
        public String getMessage() {
            return what;
        }

        public boolean full() {
            return full;
        }
    }

    /** Makes durable that versions up to a time may be stamped. */
    @FunctionalInterface
    public interface Reservation {
        /** Returns once it is durable that no version above {@code millis} has been stamped. */
        void extendTo(long millis);
    }

    private final Time time;
    private volatile int stamp;
    private final long maxSkewMillis;
    private final Reservation reservation;
    /** A lock and no monitor, since it is held while the reservation is written. */
    private final ReentrantLock lock = new ReentrantLock();

    private long lastMillis;
    private int lastCounter;
    private long reservedMillis;

    /**
     * @param stamp the node's stamp, 0 to 255, fresh for each start
     * @param reservedMillis the reservation that an earlier run on the same disk left behind; 0 for none
     * @param maxSkewMillis how far ahead of this node's wall clock another's may be
     */
    public HybridClock(Time time, int stamp, long reservedMillis, long maxSkewMillis, Reservation reservation) {
        this.time = time;
        this.stamp = checked(stamp);
        this.maxSkewMillis = maxSkewMillis;
        this.reservation = reservation;
        this.lastMillis = reservedMillis;
        this.lastCounter = Version.COUNTER_MAX;
        this.reservedMillis = reservedMillis;
    }

    private static int checked(int stamp) {
        if (stamp < 0 || stamp >= Version.STAMPS) {
            throw new IllegalArgumentException("a stamp is 0 to 255, not " + stamp);
        }
        return stamp;
    }

    /** What tells this clock's versions from those that other nodes make at the same moment. */
    public int stamp() {
        return stamp;
    }

    /** Stamps so from now on, since another node was found that uses the same. */
    public void stampAs(int other) {
        stamp = checked(other);
    }

    /** A version newer than all that this clock has stamped or observed. May wait for the reservation to become durable. */
    public Version next() {
        return nextAbove(Version.NONE);
    }

    /** {@link #next}, and newer than a version that this node knows of, unless that one is too far ahead to be followed. */
    public Version nextAbove(Version known) {
        lock.lock();
        try {
            observe(known);
            long wall = time.wallMillis();
            if (wall > lastMillis) {
                lastMillis = wall;
                lastCounter = 0;
            } else if (lastCounter < Version.COUNTER_MAX) {
                lastCounter++;
            } else {
                lastMillis++;
                lastCounter = 0;
            }
            if (lastMillis > reservedMillis) {
                long upTo = Math.max(wall + RESERVE_MILLIS, lastMillis + AHEAD_MILLIS);
                reservation.extendTo(upTo);
                reservedMillis = upTo;
            }
            return Version.of(lastMillis, lastCounter, stamp);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes note of a version from elsewhere, so that the next stamp is newer.
     *
     * @return false when the version is too far ahead to be followed; the clock is unchanged then
     */
    public boolean observe(Version version) {
        lock.lock();
        try {
            if (version.millis() > time.wallMillis() + mostAheadMillis() && version.millis() > lastMillis) {
                return false;
            }
            if (version.millis() > lastMillis) {
                lastMillis = version.millis();
                lastCounter = version.counter();
            } else if (version.millis() == lastMillis) {
                lastCounter = Math.max(lastCounter, version.counter());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a version is further in the future than any honest clock could have stamped it. */
    public boolean beyondSkew(Version version) {
        lock.lock();
        try {
            return version.millis() > Math.max(time.wallMillis(), lastMillis) + mostAheadMillis();
        } finally {
            lock.unlock();
        }
    }

    /** A node that has been restarted stamps above its reservation, however right its clock is; one that goes on crashing somewhat more. */
    private long mostAheadMillis() {
        return maxSkewMillis + 2 * RESERVE_MILLIS;
    }

    /** How far the stamps are ahead of the wall clock, in milliseconds; 0 when they are not. */
    public long aheadMillis() {
        lock.lock();
        try {
            return Math.max(0, lastMillis - time.wallMillis());
        } finally {
            lock.unlock();
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.time.Time;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much load one provider is given while it returns, and in the background at any time (promise P6): in no second more than a
 * multiple of what this node has seen it bear, which is the most that it answered in a second as an average over ten, forgotten by half
 * in two hours while it is used.
 *
 * <pre>
 *   phase     from                        what it is given
 *   PROBE     away or in doubt            trials
 *   TRICKLE   answers again               a tenth of the bound, doubled every half second (sooner after a short absence)
 *   CATCH_UP  all of the bound is open    what users write, as far as the bound goes; what it has missed; a comparison
 *   VERIFIED  current again               all that users write; what they read as far as the bound goes
 *   FULL      nobody held back for 10 s   all that users want
 * </pre>
 *
 * Two token buckets, of which each holds a fifth of a second. A quarter is for the background, so that users never starve it for ever. Users
 * have three quarters, of which the background takes what is left over: it yields. A call of a user for which nothing is left is not made:
 * others are read, and a write becomes a hint.
 *
 * <p>When somebody has had to wait in each ten seconds for five minutes, more may be coming than is given. The bound then grows by a
 * quarter with every ten seconds in which the provider has taken what it was given, and is halved when it failed more than one call in
 * twenty. So it is still less than a multiple of what has just been borne, and catching up ends. Of one that has been seen to bear so little
 * that the least counts, next to nothing is known: its bound is doubled at once with every ten seconds in which it has taken all (slow start;
 * Jacobson, "Congestion avoidance and control", 1988).
 *
 * <p>Thread-safe.
 */
final class Ration {
    private static final long SECOND = 1_000_000_000L;
    private static final double BURST_SECONDS = 0.2;
    private static final double OF_BACKGROUND = 0.25;
    private static final double FIRST_SHARE = 0.1;
    private static final long DOUBLED_NANOS = SECOND / 2;
    private static final int DOUBLINGS = 4;
    private static final int PATIENT_WINDOWS = 30;
    private static final double GROWTH = 1.25;
    private static final double SLOW_START = 2;
    private static final double USED = 0.75;
    private static final int FEW_FAULTS = 20;
    /** The most that anybody takes at once. */
    private static final int MOST_AT_ONCE = 7;

    private static final long LONGEST_WAIT_NANOS = 10_000_000L;
    /** So often one that is current again is read although writers take all it may be given, or nobody would notice that it lies. */
    private static final long SAMPLE_NANOS = SECOND / 10;

    /** How far a provider has come back. */
    enum Phase {
        PROBE,
        TRICKLE,
        CATCH_UP,
        VERIFIED,
        FULL;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Time time;
    private final RecoveryConfig config;
    private final LongAdder made = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private Phase phase = Phase.FULL;
    private long since;
    private long doubledNanos;
    private double proven;
    private int origins = 1;
    private double growth = 1;
    private double users;
    private double background;
    private long filledAt;
    /** Of those made, what has been taken from the buckets; those that were taken before they are made are in it already. */
    private long taken;

    private long sampledAt;
    private long windowBegan;
    private long answeredBefore;
    private long failedBefore;
    private long given;
    private double givenASecond;
    private boolean waited;
    private boolean spared;
    private int waitedWindows;

    Ration(Time time, RecoveryConfig config) {
        this.time = time;
        this.config = config;
        this.since = time.nanos();
        this.filledAt = since;
        this.windowBegan = since;
        this.sampledAt = since;
    }

    /** @param callsPerSecond that it was seen to bear by an earlier run of the node */
    synchronized void remember(double callsPerSecond) {
        proven = Math.max(proven, callsPerSecond);
    }

    /** It is called. */
    void made() {
        made.increment();
    }

    /** A call is as much work for it as so many more. */
    void madeMore(long calls) {
        made.add(calls);
    }

    /** It did what it was asked. */
    void answered() {
        answered.increment();
    }

    /** What it did was as much work as so many more calls. */
    void answeredMore(long calls) {
        answered.add(calls);
    }

    /** It did not, or not in its time. */
    void failed() {
        failed.increment();
    }

    /** It has come to this state. */
    synchronized void moved(ProviderState to) {
        long now = time.nanos();
        Phase before = phase;
        phase = switch (to) {
            case SUSPECT, DOWN -> Phase.PROBE;
            case CATCHING_UP -> Phase.CATCH_UP;
            case CURRENT -> before == Phase.FULL ? Phase.FULL : Phase.VERIFIED;
        };
        if (phase == before) {
            return;
        }
        if (phase == Phase.CATCH_UP) {
            // Who was away for a moment is not spared for longer than that.
            doubledNanos = before == Phase.PROBE ? Math.min(DOUBLED_NANOS, (now - since) / DOUBLINGS) : DOUBLED_NANOS;
            users = 0;
            background = 0;
            filledAt = now;
            given = 0;
            givenASecond = 0;
            windowBegan = now;
            answeredBefore = answered.sum();
            failedBefore = failed.sum();
        }
        since = now;
    }

    synchronized Phase phase() {
        return phase == Phase.CATCH_UP && share(time.nanos()) < 1 ? Phase.TRICKLE : phase;
    }

    /** Whether it is spared what others can do. */
    synchronized boolean returning() {
        return phase != Phase.FULL;
    }

    /** Calls a second that this node has seen it bear; 0 for not known. */
    synchronized double proven() {
        return proven;
    }

    /** Calls a second that it is given at most; 0 for as many as there are. */
    synchronized double bound() {
        return bounded() ? share(time.nanos()) * mostASecond() : 0;
    }

    /** Calls a second made in the background of late. */
    synchronized double givenASecond() {
        long passed = time.nanos() - windowBegan;
        return passed < SECOND ? givenASecond : Math.max(givenASecond, given * (double) SECOND / passed);
    }

    private boolean bounded() {
        return config.maxLoad() > 0 && proven > 0;
    }

    /** What this node has seen borne is its own part of the load; only the least is for all nodes (DESIGN rule 27). */
    private double mostASecond() {
        return Math.max(least(), config.maxLoad() * proven) * growth;
    }

    private double least() {
        return config.leastLoad() / origins;
    }

    private double share(long now) {
        if (phase != Phase.CATCH_UP || doubledNanos == 0) {
            return 1;
        }
        return Math.min(1, FIRST_SHARE * Math.pow(2, (now - since) / (double) doubledNanos));
    }

    /** So that with what the buckets hold no second has more than the bound. */
    private double rate(long now) {
        return share(now) * mostASecond() / (1 + BURST_SECONDS);
    }

    private void fill(long now) {
        double rate = rate(now);
        double seconds = (now - filledAt) / (double) SECOND;
        filledAt = now;
        long all = made.sum();
        double unpaid = Math.max(0, all - taken);
        taken = Math.max(taken, all);
        background = Math.min(
                Math.max(MOST_AT_ONCE, rate * OF_BACKGROUND * BURST_SECONDS),
                background + seconds * rate * OF_BACKGROUND);
        users = Math.min(mostOfUsers(rate), users + seconds * rate * (1 - OF_BACKGROUND) - unpaid);
        users = Math.max(users, -rate);
    }

    private static double mostOfUsers(double rate) {
        return Math.max(1, rate * (1 - OF_BACKGROUND) * BURST_SECONDS);
    }

    /** Takes one call for a reader, false when there is none and others have to do. While it catches up, all is for writers. */
    synchronized boolean forReader() {
        return !bounded() || phase == Phase.FULL || (phase != Phase.CATCH_UP && (takeForUser(false) || sample()));
    }

    /** What it takes is owed by those that come next. */
    private boolean sample() {
        long now = time.nanos();
        if (phase != Phase.VERIFIED || now - sampledAt < SAMPLE_NANOS) {
            return false;
        }
        sampledAt = now;
        return true;
    }

    /**
     * Takes one call for a writer.
     *
     * @param last whether it lacks little more: then what is for the background is for writers too, or it would go on lacking that
     * @return false when there is none, and it gets a hint
     */
    synchronized boolean forWriter(boolean last) {
        return !bounded() || phase == Phase.FULL || takeForUser(last);
    }

    private boolean takeForUser(boolean last) {
        fill(time.nanos());
        if (users >= 1) {
            users--;
        } else if (last && background >= 1) {
            background--;
        } else {
            spared = true;
            return false;
        }
        taken++;
        return true;
    }

    /** In how long so many calls are no more than the bound. */
    synchronized long nanosFor(int calls) {
        return bounded() ? (long) (calls / rate(time.nanos()) * SECOND) : 0;
    }

    /** Waits until so many calls, seven at most, may be made in the background. */
    void await(int calls) throws InterruptedException {
        for (long wait = take(calls); wait > 0; wait = take(calls)) {
            time.sleep(wait);
        }
    }

    /** Waits for more than are taken at once, so that they may then be made together. No more than {@link #atOnce}, or they are too many. */
    void awaitAll(int calls) throws InterruptedException {
        for (int left = calls; left > 0; left -= MOST_AT_ONCE) {
            await(Math.min(left, MOST_AT_ONCE));
        }
    }

    /** How many calls may be made together in the background: what its bucket holds. */
    synchronized int atOnce() {
        if (!bounded()) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.max(MOST_AT_ONCE, rate(time.nanos()) * OF_BACKGROUND * BURST_SECONDS);
    }

    private synchronized long take(int calls) {
        if (!bounded()) {
            given += calls;
            return 0;
        }
        long now = time.nanos();
        fill(now);
        double rate = rate(now);
        if (background >= calls) {
            background -= calls;
        } else if (users >= Math.max(calls, mostOfUsers(rate) / 2)) {
            users -= calls;
        } else {
            waited = true;
            double seconds = (calls - background) / (rate * OF_BACKGROUND);
            return Math.clamp((long) Math.ceil(seconds * SECOND), 1, LONGEST_WAIT_NANOS);
        }
        taken += calls;
        given += calls;
        return 0;
    }

    /**
     * Looks at what it has borne; several times a second.
     *
     * @param nodes how many give it load, this one included
     */
    synchronized void look(int nodes) {
        origins = nodes;
        long now = time.nanos();
        long passed = now - windowBegan;
        if (passed < Borne.WINDOW_NANOS) {
            return;
        }
        double seconds = passed / (double) SECOND;
        double borne = (answered.sum() - answeredBefore) / seconds;
        boolean sound = (failed.sum() - failedBefore) * FEW_FAULTS <= answered.sum() - answeredBefore;
        if (phase == Phase.FULL && !waited) {
            proven = Borne.after(proven, borne, passed);
        }
        grow(borne, sound, now);
        if (phase == Phase.VERIFIED && !spared && now - since >= Borne.WINDOW_NANOS) {
            phase = Phase.FULL;
            since = now;
        }
        givenASecond = given / seconds;
        given = 0;
        waited = false;
        spared = false;
        windowBegan = now;
        answeredBefore = answered.sum();
        failedBefore = failed.sum();
    }

    private void grow(double borne, boolean sound, long now) {
        waitedWindows = waited || spared ? waitedWindows + 1 : 0;
        if (waitedWindows == 0) {
            growth = 1;
        } else if (!sound) {
            growth = Math.max(1, growth / 2);
        } else if (borne >= USED * rate(now)) {
            if (config.maxLoad() * proven < least()) {
                growth *= SLOW_START;
            } else if (waitedWindows > PATIENT_WINDOWS) {
                growth *= GROWTH;
            }
        }
    }
}

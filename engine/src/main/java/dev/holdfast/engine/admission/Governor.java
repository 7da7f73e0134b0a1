package dev.holdfast.engine.admission;

import dev.holdfast.engine.replication.Borne;

/**
 * How fast the store may be filled with questions again after an outage: at most a multiple of what it has borne before, since caches
 * that are empty ask for everything at once (promise P6). Outside of a recovery it bounds only what nobody waits for, and learns what is
 * borne: what was filled in one recovery is due to be looked at again all in one time as well.
 *
 * <p>What is borne is as {@link Borne} has it. A
 * recovery is over once ten seconds have passed in which less than three quarters of the bound were wanted. Writes are counted and
 * never held up: they are acknowledged now or lost for the client (promise P2).
 *
 * <p>A token bucket that holds a fifth of a second, and one call at least, and owes no more than that. Not thread-safe.
 */
final class Governor {
    private static final long SECOND = 1_000_000_000L;
    private static final double BURST_SECONDS = 0.2;
    private static final double OVER = 0.75;
    private static final int PATIENT_WINDOWS = 60;

    private final double maxLoad;
    private final double leastLoad;
    private double borne;
    private boolean recovering;
    private double tokens;
    private long tokensAt;
    private long windowBegan;
    private long answered;
    private long answeredUnhurried;
    private long wanted;
    private boolean putOff;
    private int windowsPutOff;

    /** @param borne calls a second that were borne before this process; 0 for not known */
    Governor(double maxLoad, double leastLoad, double borne, long nowNanos) {
        this.maxLoad = maxLoad;
        this.leastLoad = leastLoad;
        this.borne = borne;
        this.tokensAt = nowNanos;
        this.windowBegan = nowNanos;
    }

    /** From now on the store is given no more than it has borne, until it is seen that it need not be. */
    void recover(long nowNanos) {
        if (bounds() && !recovering) {
            recovering = true;
            tokens = 0;
            tokensAt = nowNanos;
            windowsPutOff = 0;
            beginWindow(nowNanos);
        }
    }

    private boolean bounds() {
        return maxLoad > 0 && borne > 0;
    }

    boolean recovering() {
        return recovering;
    }

    /** Calls a second that the store has borne. */
    double borne() {
        return borne;
    }

    /** Calls a second that it is given at most while it recovers. */
    double bound() {
        return Math.max(leastLoad, maxLoad * borne);
    }

    /** Notes that a call came, whether or not there is one for it. */
    void wanted(long nowNanos) {
        look(nowNanos);
        wanted++;
    }

    /** Takes one out of the bucket, in a recovery only if there is one. */
    boolean take(long nowNanos) {
        if (!recovering) {
            takeAnyway(nowNanos);
            return true;
        }
        return takeIfThere(nowNanos);
    }

    /** Takes one for what nobody waits for, if there is one, or others have been put off for long enough. */
    boolean takeUnhurried(long nowNanos) {
        if (!bounds() || takeIfThere(nowNanos)) {
            return true;
        }
        putOff = true;
        return !recovering && windowsPutOff > PATIENT_WINDOWS;
    }

    private boolean takeIfThere(long nowNanos) {
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /**
     * Takes one that there need not be: others then wait longer, but by no more than the bucket holds, or they would wait for as long as
     * writers had come for.
     */
    void takeAnyway(long nowNanos) {
        if (bounds()) {
            fill(nowNanos);
            tokens = Math.max(tokens - 1, -mostTokens());
        }
    }

    /** For how long there will be none. */
    long untilNextNanos(long nowNanos) {
        if (!recovering) {
            return 0;
        }
        fill(nowNanos);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / rate() * SECOND);
    }

    /**
     * A call was answered.
     *
     * @param unhurried whether nobody waited for it
     */
    void answered(boolean unhurried, long nowNanos) {
        look(nowNanos);
        answered++;
        answeredUnhurried += unhurried ? 1 : 0;
    }

    private void fill(long nowNanos) {
        tokens = Math.min(mostTokens(), tokens + (nowNanos - tokensAt) / (double) SECOND * rate());
        tokensAt = nowNanos;
    }

    /** So that with what the bucket holds no ten seconds, over which what is borne is averaged, have more than the bound. */
    private double rate() {
        return bound() - mostTokens() * SECOND / Borne.WINDOW_NANOS;
    }

    private double mostTokens() {
        return Math.max(1, bound() * BURST_SECONDS);
    }

    private void look(long nowNanos) {
        long passed = nowNanos - windowBegan;
        if (passed < Borne.WINDOW_NANOS) {
            return;
        }
        double seconds = passed / (double) SECOND;
        if (recovering) {
            recovering = wanted / seconds >= OVER * bound();
        } else {
            borne = Borne.after(borne, measured() / seconds, passed);
        }
        beginWindow(nowNanos);
    }

    /**
     * What is bounded by what is known is no measure of what is borne: nothing in a recovery, and what nobody waits for not while some of
     * it is put off, unless that goes on for longer than what was filled together takes to be looked at together.
     */
    private long measured() {
        windowsPutOff = putOff ? windowsPutOff + 1 : 0;
        return putOff && windowsPutOff <= PATIENT_WINDOWS ? answered - answeredUnhurried : answered;
    }

    private void beginWindow(long nowNanos) {
        windowBegan = nowNanos;
        answered = 0;
        answeredUnhurried = 0;
        wanted = 0;
        putOff = false;
    }
}

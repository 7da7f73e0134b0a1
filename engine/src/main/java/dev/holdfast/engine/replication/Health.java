package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the evidence says of one provider: the state machine of {@link ProviderState}.
 *
 * <p>Evidence is weighed, so that one lost packet ejects nobody and a provider that fails a good part of its calls does not stay:
 * a fault counts {@value #FAULT}, a good answer takes {@value #GOOD} back, and at {@value #LIMIT} the provider leaves. With these
 * weights one that fails more than a fifth of its calls leaves. A probe that fails counts {@value #PROBE_FAULT}: there are few of them,
 * and with no client about nobody else brings evidence. Reads and writes are weighed apart: a full disk fails only
 * writes. A verified lie needs no weighing.
 *
 * <p>Thread-safe. All transitions happen under the lock of {@link Members}, which alone knows whether this is the last provider
 * that is current.
 */
final class Health {
    private static final double FAULT = 1;
    private static final double PROBE_FAULT = 2.5;
    private static final double GOOD = 0.25;
    private static final double LIMIT = 5;

    private final Time time;
    private volatile ProviderState state = ProviderState.CURRENT;
    private volatile long sinceMillis;
    private volatile long movedAt;
    private volatile String why = "";
    private volatile double readScore;
    private volatile double writeScore;
    private volatile long lastAnswer;
    private volatile long provedAt;
    private long lateAt;
    private final AtomicLong doubts = new AtomicLong();
    private volatile boolean mustCompare;
    private volatile boolean blank;
    private volatile boolean putBack;
    private volatile boolean held;

    Health(Time time) {
        this.time = time;
        this.sinceMillis = time.wallMillis();
        this.lastAnswer = time.nanos();
        this.movedAt = lastAnswer;
        this.provedAt = lastAnswer;
        this.lateAt = lastAnswer;
    }

    ProviderState state() {
        return state;
    }

    boolean current() {
        return state == ProviderState.CURRENT;
    }

    /** Whether writes are sent to it; one that takes none gets hints. */
    boolean takesWrites() {
        ProviderState now = state;
        return now == ProviderState.CURRENT || now == ProviderState.CATCHING_UP;
    }

    /** Whether what it lacks is known in full: nothing, or just what the hint log holds for it. */
    boolean wordCounts() {
        ProviderState now = state;
        return !held && (now == ProviderState.CURRENT || (now == ProviderState.CATCHING_UP && !mustCompare));
    }

    /** Whether it takes part in writes only: it joins the placement, or leaves it. */
    boolean held() {
        return held;
    }

    void hold(boolean now) {
        held = now;
    }

    /** Whether it takes part in writes only, and lacks nothing but what waits for it. */
    boolean complete() {
        return held && state == ProviderState.CATCHING_UP && !mustCompare;
    }

    /**
     * Whether its word counts, as of now: an answer that it gives later has that word, unless a doubt has come up since. By the time of
     * the answer it may have been compared, and then its word counts again, but what it answered before that is not worth more for it.
     */
    Word word() {
        // In this order: a doubt that comes up in between is one that came up since.
        long before = doubts.get();
        return new Word(before, wordCounts());
    }

    boolean stillCounts(Word word) {
        return word.counted() && wordCounts() && doubts.get() == word.doubts();
    }

    /** See {@link #word}. */
    record Word(long doubts, boolean counted) {}

    /** Whether it may lack records that no hint of this node names, so that only a comparison can make it current. */
    boolean mustCompare() {
        return mustCompare;
    }

    /** Whether the place is new, wiped or restored: even all providers together prove nothing by what they lack. */
    boolean blank() {
        return blank;
    }

    /** Whether it was seen to hold an older state than it held: what was taken back since then stands there again. */
    boolean putBack() {
        return putBack;
    }

    void wasPutBack() {
        putBack = true;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    /**
     * On the clock of {@link Time#nanos}, when it came to the state it is in, or fell silent before that; or since then did all that
     * it was tried with, as one does that is about to be back.
     */
    long lastOfUse() {
        return Math.max(Math.min(movedAt, lastAnswer), provedAt);
    }

    /** On the clock of {@link Time#nanos}, when it last did what it was asked, be it late. */
    long heardAt() {
        return lastAnswer;
    }

    /** It did all that it was tried with. */
    void proved() {
        provedAt = time.nanos();
    }

    /** On the clock of {@link Time#nanos}, when it came to the state it is in. */
    long movedAt() {
        return movedAt;
    }

    String why() {
        return why;
    }

    /** Nanoseconds since it last did what it was asked, be it late. */
    long silentNanos() {
        return time.nanos() - lastAnswer;
    }

    /** It did what it was asked, though late. */
    void alive() {
        lastAnswer = time.nanos();
    }

    void good(CallKind kind) {
        lastAnswer = time.nanos();
        if (score(kind) > 0) {
            weigh(kind, -GOOD);
        }
    }

    /**
     * @param begunAt when the call began: what began before the last change of state was no use of the provider as it is now. A call
     *     that hung when its link was cut ends seconds after the provider has come back.
     * @param weight how much it says against the provider, 1 for the most
     * @return whether the evidence now suffices to eject
     */
    boolean bad(CallKind kind, long begunAt, double weight) {
        return begunAt - movedAt >= 0 && weigh(kind, weight * (kind == CallKind.PROBE ? PROBE_FAULT : FAULT)) >= LIMIT;
    }

    /** Whether a write is late that is not so by the same pause as the last one that was. */
    synchronized boolean lateAnew(long pauseNanos) {
        long now = time.nanos();
        boolean anew = now - lateAt >= pauseNanos;
        lateAt = anew ? now : lateAt;
        return anew;
    }

    private double score(CallKind kind) {
        return kind == CallKind.WRITE ? writeScore : readScore;
    }

    private synchronized double weigh(CallKind kind, double evidence) {
        double score = Math.max(0, score(kind) + evidence);
        if (kind == CallKind.WRITE) {
            writeScore = score;
        } else {
            readScore = score;
        }
        return score;
    }

    void move(ProviderState to, String evidence) {
        if (state != to) {
            sinceMillis = time.wallMillis();
            movedAt = time.nanos();
        }
        state = to;
        why = evidence;
        if (to == ProviderState.CURRENT || to == ProviderState.CATCHING_UP) {
            readScore = 0;
            writeScore = 0;
        }
    }

    /** Counts the doubts raised about it. */
    long doubts() {
        return doubts.get();
    }

    void requireComparison(boolean placeIsBlank) {
        doubts.incrementAndGet();
        mustCompare = true;
        blank |= placeIsBlank;
    }

    void compared() {
        mustCompare = false;
        blank = false;
        putBack = false;
    }

    /** The state to which a fault of this kind leads. */
    static ProviderState after(FaultKind kind) {
        return switch (kind) {
            case UNAVAILABLE, TIMEOUT -> ProviderState.DOWN;
            case THROTTLED, UNAUTHORIZED, DISK_FULL, CORRUPT, ROLLED_BACK -> ProviderState.SUSPECT;
        };
    }
}

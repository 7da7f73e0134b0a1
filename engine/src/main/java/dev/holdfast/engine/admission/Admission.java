package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Limit;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls come to the store: as many at a time as it bears ({@link Limit}), as many a second as it may be given while it recovers
 * ({@link Governor}), and those that wait in fair turns ({@link Turns}). Whoever has waited in vain is refused before anything is spent
 * on the call.
 *
 * <p>While there always are some waiting, they wait for a tenth of the time only: what has waited long has a client that is about to give
 * up, and a store that serves in order serves only those (Maurer, "Fail at Scale", 2015).
 *
 * <p>Thread-safe.
 */
final class Admission {
    /** No namespace has more than this share of what may be under way, nor has a tenant while another one asks for something too. */
    private static final double MOST_OF_ONE = 0.75;

    private static final long STANDING_NANOS = 500_000_000L;
    private static final int SHORTER = 10;
    private static final int FIRST_LIMIT = 4;
    private static final int RETRY_SECONDS = 4;

    private final Time time;
    private final AdmissionConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Limit limit;
    private final Governor governor;
    private final Turns turns = new Turns();
    private final Map<NamespaceId, Integer> held = new HashMap<>();
    private final Tenants tenants = new Tenants();
    private final Map<Turns.Waiting, Waiter> waiters = new HashMap<>();
    private final Signals signals;
    private final long[] shed = new long[Policy.LAST_TIER + 1];
    private long waited;
    private int underWay;
    private long emptyAt;

    /** A thread that waits for its turn. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Boolean let;
    }

    /** @param borne calls a second that the store has borne before this process; 0 for not known */
    Admission(Time time, AdmissionConfig config, RampConfig bounds, double borne) {
        this.time = time;
        this.config = config;
        long now = time.nanos();
        this.limit = new Limit(config.leastCalls(), config.mostCalls(), FIRST_LIMIT * config.leastCalls(), now);
        this.governor = new Governor(config.maxLoad(), config.leastLoad(), borne, now);
        this.signals = new Signals(bounds);
        this.emptyAt = now;
        // A node that starts may have lost what was near, and the other nodes with it.
        governor.recover(now);
    }

    /** Has the store be given no more than it has borne: it was away, and caches may have gone stale or empty. */
    void recover() {
        lock.lock();
        try {
            governor.recover(time.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** How the store has done since this was last asked for. */
    Signals.Seen look() {
        lock.lock();
        try {
            return signals.take();
        } finally {
            lock.unlock();
        }
    }

    /** How it is. */
    AdmissionStatus status() {
        lock.lock();
        try {
            return new AdmissionStatus(
                    underWay,
                    limit.calls(),
                    turns.size(),
                    waited,
                    shed.clone(),
                    governor.recovering(),
                    governor.borne(),
                    governor.bound());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a turn. Whoever was let in says when it is over, by {@link #leave}.
     *
     * @return null when the caller may go on; otherwise why not
     */
    @Nullable
    Refusal enter(NamespaceId namespace, Standing standing, Limit.Kind kind) {
        if (Request.now().over(time.nanos())) {
            return Request.overdue();
        }
        Waiter waiter = new Waiter();
        Turns.Waiting turn;
        long until;
        long began;
        lock.lock();
        try {
            long now = time.nanos();
            if (Request.now().unhurried()) {
                return enterUnhurried(namespace, standing, now);
            }
            governor.wanted(now);
            tenants.asks(standing.tenant(), now);
            if (kind == Limit.Kind.WRITE && governor.recovering() && mayBegin(namespace, standing)) {
                governor.takeAnyway(now);
                begin(namespace, standing);
                signals.waited(0, false);
                return null;
            }
            if (turns.size() == 0) {
                emptyAt = now;
                if (mayBegin(namespace, standing) && governor.take(now)) {
                    begin(namespace, standing);
                    signals.waited(0, false);
                    return null;
                }
            }
            began = now;
            turn = turns.add(namespace, standing);
            waiters.put(turn, waiter);
            waited++;
            if (turns.size() > config.waiting()) {
                refuse(turns.shed());
            }
            long patience = config.patience().toNanos();
            until = Request.now().atMost(now + (now - emptyAt > STANDING_NANOS ? patience / SHORTER : patience));
        } finally {
            lock.unlock();
        }
        return await(turn, waiter, began, until);
    }

    /**
     * What nobody waits for takes nobody's turn, and counts as wanted only when it is let in. Outside of a recovery those who wait for
     * their turn are of a namespace or a tenant that has all it may have; others are not kept out by that.
     */
    private @Nullable Refusal enterUnhurried(NamespaceId namespace, Standing standing, long now) {
        boolean others = governor.recovering() && turns.size() > 0;
        if (others || !mayBegin(namespace, standing) || !governor.takeUnhurried(now)) {
            return tooMuch();
        }
        governor.wanted(now);
        begin(namespace, standing);
        return null;
    }

    private @Nullable Refusal await(Turns.Waiting turn, Waiter waiter, long began, long until) {
        while (true) {
            long wait;
            lock.lock();
            try {
                letIn();
                Boolean let = waiter.let;
                long left = until - time.nanos();
                if (let != null) {
                    signals.waited(time.nanos() - began, !let);
                    return let ? null : tooMuch();
                }
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    turns.remove(turn);
                    refuse(turn);
                    signals.waited(time.nanos() - began, true);
                    return Request.now().over(time.nanos()) ? Request.overdue() : tooMuch();
                }
                long token = governor.untilNextNanos(time.nanos());
                wait = token > 0 ? Math.min(left, token) : left;
            } finally {
                lock.unlock();
            }
            if (waiter.let == null) {
                time.park(wait);
            }
        }
    }

    private boolean mayBegin(NamespaceId namespace, Standing standing) {
        return underWay < limit.calls() && tenantMay(standing.tenant()) && namespaceMay(namespace);
    }

    private boolean tenantMay(String tenant) {
        return !tenants.several() || leavesRoom(tenants.held(tenant));
    }

    private boolean namespaceMay(NamespaceId namespace) {
        return leavesRoom(held.getOrDefault(namespace, 0));
    }

    private boolean leavesRoom(int heldByOne) {
        return underWay < config.leastCalls() || heldByOne < limit.calls() * MOST_OF_ONE;
    }

    private void begin(NamespaceId namespace, Standing standing) {
        underWay++;
        limit.began(underWay);
        held.merge(namespace, 1, Integer::sum);
        tenants.began(standing.tenant());
    }

    /** Lets those in whose turn it is. */
    private void letIn() {
        while (turns.size() > 0 && underWay < limit.calls()) {
            Turns.Waiting turn = turns.next(this::tenantMay, this::namespaceMay);
            if (turn == null || !governor.take(time.nanos())) {
                return;
            }
            turns.serve(turn);
            begin(turn.namespace, turn.standing);
            tell(turn, true);
        }
    }

    private void refuse(Turns.Waiting turn) {
        shed[turn.standing.tier()]++;
        tell(turn, false);
    }

    private void tell(Turns.Waiting turn, boolean let) {
        Waiter waiter = waiters.remove(turn);
        if (waiter != null) {
            waiter.let = let;
            LockSupport.unpark(waiter.thread);
        }
    }

    /** With some jitter in when to come again, so that those who were refused together do not come together. */
    private Refusal tooMuch() {
        return new Refusal(
                Reason.SHED,
                "There is more to do than the store bears" + (governor.recovering() ? " while it recovers" : "")
                        + ". Nothing was done. Try again later.",
                1 + time.random().nextInt(RETRY_SECONDS));
    }

    /**
     * A call that was let in is over.
     *
     * @param standing as when it was let in
     * @param answered whether the store did what it was asked
     * @param failed whether that is the store's fault
     */
    void leave(
            NamespaceId namespace,
            Standing standing,
            Limit.Kind kind,
            long beganNanos,
            boolean answered,
            boolean failed) {
        lock.lock();
        try {
            long now = time.nanos();
            signals.ended(now - beganNanos, failed, (double) underWay / Math.max(1, limit.calls()));
            underWay--;
            held.computeIfPresent(namespace, (of, calls) -> calls == 1 ? null : calls - 1);
            tenants.ended(standing.tenant());
            limit.ended(kind, now - beganNanos, answered, now);
            if (answered) {
                governor.answered(Request.now().unhurried(), now);
            }
            letIn();
        } finally {
            lock.unlock();
        }
    }
}

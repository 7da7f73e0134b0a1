package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One question put to several members in parallel. The thread that made it waits for as many answers as it needs, and can give a
 * straggler up: its answer, if it still comes, teaches nothing and is handed to nobody.
 *
 * <p>{@link #ask}, {@link #await} and {@link #close} belong to the asking thread.
 */
final class Question<T> {

    /** What a member made of it. */
    sealed interface Outcome<T> {
        record Answered<T>(T value) implements Outcome<T> {}

        record Faulted<T>(ProviderFault fault) implements Outcome<T> {}
    }

    /** Who wakes later than this was held up on this node, and so may the provider's answer have been: no evidence then. */
    private static final long OWN_DELAY_NANOS = 10_000_000;

    /** A member that is asked once is late once: that it then gives up by itself is no news. */
    private static final class Asking {
        private final long begunAt;
        private volatile boolean late;
        private volatile double patience = 1;

        private Asking(long begunAt) {
            this.begunAt = begunAt;
        }
    }

    private final Time time;
    private final Members members;
    private final CallKind kind;
    private final int calls;
    private final Thread asker = Thread.currentThread();
    private final AtomicReferenceArray<@Nullable Outcome<T>> outcomes;
    private final @Nullable Asking[] asked;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    Question(Time time, Members members, CallKind kind) {
        this(time, members, kind, 1);
    }

    /** @param calls how many calls to the member one asking makes, one after the other: it has the time for all of them */
    Question(Time time, Members members, CallKind kind, int calls) {
        this.time = time;
        this.members = members;
        this.kind = kind;
        this.calls = calls;
        int size = members.slots();
        this.outcomes = new AtomicReferenceArray<>(size);
        this.asked = new Asking[size];
    }

    /** Asks, again if it was asked before and has answered. */
    void ask(Member member, Member.Call<T> call) {
        fork(member, call, begin(member));
    }

    /** Asks by the provider's own queue, which spares a thread; if it does not take it, by a call. */
    void ask(Member member, Member.Queued<T> queued, Member.Call<T> otherwise) {
        Asking asking = begin(member);
        boolean taken = member.queue(queued, new Reply<>() {
            @Override
            public void answered(T value) {
                arrived(member, good(member, value, asking));
            }

            @Override
            public void failed(ProviderFault fault) {
                // What follows from a fault is decided under locks and kept on disk: not on the provider's thread.
                member.run(kind, () -> arrived(member, bad(member, fault, asking)));
            }
        });
        if (!taken) {
            fork(member, otherwise, asking);
        }
    }

    private Asking begin(Member member) {
        Asking asking = new Asking(time.nanos());
        asked[member.index] = asking;
        outcomes.set(member.index, null);
        open.incrementAndGet();
        return asking;
    }

    private void fork(Member member, Member.Call<T> call, Asking asking) {
        member.run(kind, () -> {
            if (!closed) {
                arrived(member, outcome(member, call, asking));
            }
        });
    }

    private Outcome<T> outcome(Member member, Member.Call<T> call, Asking asking) {
        try {
            return good(member, member.call(call), asking);
        } catch (ProviderFault fault) {
            return bad(member, fault, asking);
        }
    }

    private Outcome<T> good(Member member, T value, Asking asking) {
        long took = time.nanos() - asking.begunAt;
        long usual = usualNanos(member);
        member.ended(kind, took / calls, true);
        if (took <= usual) {
            members.answered(member, kind, took / calls);
        } else if (took <= usual * asking.patience) {
            members.answeredBusy(member, kind);
        } else {
            member.health.alive();
        }
        return new Outcome.Answered<>(value);
    }

    private Outcome<T> bad(Member member, ProviderFault fault, Asking asking) {
        member.ended(kind, (time.nanos() - asking.begunAt) / calls, false);
        if (!asking.late || fault.kind() != FaultKind.TIMEOUT) {
            members.faulted(member, kind, fault, asking.begunAt);
        }
        return new Outcome.Faulted<>(fault);
    }

    private void arrived(Member member, Outcome<T> outcome) {
        outcomes.set(member.index, outcome);
        // While others are still expected, a good answer alone seldom decides; who waits for time looks by itself.
        if (open.decrementAndGet() == 0 || outcome instanceof Outcome.Faulted<T>) {
            LockSupport.unpark(asker);
        }
    }

    private long usualNanos(Member member) {
        return calls * members.deadlineNanos(member, kind);
    }

    /**
     * Who has many calls under way takes longer. A write waits for it, though never longer than anybody is waited for, since each that does not
     * costs a hint; for a read another one answers meanwhile.
     */
    private long deadlineNanos(Member member, Asking asking) {
        long usual = usualNanos(member);
        if (!member.health.current()) {
            return usual;
        }
        asking.patience = Math.max(asking.patience, member.patience(kind));
        if (kind != CallKind.WRITE) {
            return usual;
        }
        return Math.max(usual, Math.min((long) (usual * asking.patience), calls * members.longestNanos()));
    }

    boolean asked(Member member) {
        return asked[member.index] != null;
    }

    @Nullable
    Outcome<T> outcome(Member member) {
        return outcomes.get(member.index);
    }

    @Nullable
    T answer(Member member) {
        return outcome(member) instanceof Outcome.Answered<T>(T value) ? value : null;
    }

    boolean pending(Member member) {
        return asked[member.index] != null && outcomes.get(member.index) == null;
    }

    boolean allIn() {
        for (Member member : members.all()) {
            if (pending(member)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Marks those who have had their learned deadline and not answered, which counts against each once.
     *
     * @return when the next one's time is up, {@link Long#MAX_VALUE} when nobody is waited for who is not late
     */
    long markLate() {
        long now = time.nanos();
        long next = Long.MAX_VALUE;
        for (Member member : members.all()) {
            Asking asking = asked[member.index];
            if (asking == null || asking.late || !pending(member)) {
                continue;
            }
            long due = asking.begunAt + deadlineNanos(member, asking);
            if (due <= now) {
                asking.late = true;
                member.nudge();
                if (now - due < OWN_DELAY_NANOS) {
                    members.late(member, kind, asking.begunAt, asking.patience);
                }
            } else {
                // Sooner when it is waited for longer than usual: it may have been given up by others meanwhile.
                next = Math.min(next, Math.min(due, now + usualNanos(member)));
            }
        }
        return next;
    }

    boolean late(Member member) {
        Asking asking = asked[member.index];
        return asking != null && asking.late && pending(member);
    }

    /** Waits for {@code enough}, which is looked at after every answer and whenever somebody becomes late. */
    boolean await(long deadline, BooleanSupplier enough) throws InterruptedException {
        while (true) {
            long next = Math.min(markLate(), deadline);
            if (enough.getAsBoolean()) {
                return true;
            }
            long left = next - time.nanos();
            if (time.nanos() >= deadline) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            time.park(Math.max(left, 1));
        }
    }

    /** Stragglers are no longer waited for, and what they do is no longer held against them. */
    void close() {
        closed = true;
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of the placement, and the decisions on their states that need to know all of them. Thread-safe: reading needs no
 * lock, every transition takes one.
 */
final class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    /** The last current provider is called down only when nothing has been heard of it for this long, though it was asked. */
    private static final long SILENCE_NANOS = 400_000_000L;

    /** Writes that are late within this time are so by the same pause, be they one or a thousand. */
    private static final long ONE_PAUSE_NANOS = 20_000_000L;

    private final Roster roster;
    private final Time time;
    private final Residency residency;
    private final Circle everywhere;
    private final Signal changed;
    private final LongAdder spared = new LongAdder();
    private final Moves moves;
    private final NodeMemory memory;
    private final long longestNanos;
    private final Ejections ejections;
    private final Repeats repeats;
    /** A lock and no monitor, since what is decided is kept on disk while it is held. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Long lostAt;

    Members(List<Member> all, Time time, NodeMemory memory, ReplicationConfig config, Residency residency) {
        this.roster = new Roster(all);
        this.time = time;
        this.residency = residency;
        this.everywhere = new Circle(this, null);
        this.changed = new Signal(time);
        this.moves = new Moves(time);
        this.memory = memory;
        this.ejections = new Ejections(
                time, roster.slots(), () -> all().size(), config.recovery().ejectShare());
        this.repeats = new Repeats(time);
        this.longestNanos = config.maxDeadline().toNanos();
    }

    List<Member> all() {
        return roster.all();
    }

    /** Which there are, and how more are added. */
    Roster roster() {
        return roster;
    }

    /** All numbers of members are below this. */
    int slots() {
        return roster.slots();
    }

    List<Member> where(Predicate<Health> wanted) {
        return everywhere.where(wanted);
    }

    /** Those at which records of a namespace may lie. */
    Circle of(NamespaceId namespace) {
        return residency.restricts(namespace)
                ? new Circle(this, member -> residency.at(namespace, member.name()))
                : everywhere;
    }

    /** Whether one is among them that has all its load and room for more, and so does without this one. */
    static boolean besides(Member member, List<Member> among) {
        for (Member other : among) {
            if (other != member && other.health.current() && !other.ration.returning() && other.room()) {
                return true;
            }
        }
        return false;
    }

    /** Those that would have been given up within the last minute, had not enough others been. */
    List<Member> held() {
        return all().stream()
                .filter(member -> member.health.current() && ejections.isHeld(member.index))
                .toList();
    }

    private List<Integer> away() {
        return where(health -> !health.current()).stream()
                .map(member -> member.index)
                .toList();
    }

    /** How often they may be asked again. */
    Repeats repeats() {
        return repeats;
    }

    /** How many may be given up within a minute for being late. */
    int mostEjected() {
        return ejections.most();
    }

    /** How often one was not asked, so that it was not asked for more than it may be, or bears. */
    LongAdder spared() {
        return spared;
    }

    /** Whether each is current, or would be if it were used. */
    boolean allCurrent() {
        for (Member member : all()) {
            if (!member.health.current() && !member.health.complete()) {
                return false;
            }
        }
        return true;
    }

    /** The last changes of states. */
    Moves moves() {
        return moves;
    }

    /** Wakes those who wait for a change of some state. */
    Signal changed() {
        return changed;
    }

    /**
     * Learned from its own latency, and never more than four times what the fastest peer is given, though always what a place of its kind
     * may take. One that is not current learns nothing; it is given at least what a current peer is, since both are held up alike when this
     * node is busy. One whose word does not count is filled beside all else and has the longest there is: others answer.
     */
    long deadlineNanos(Member member, CallKind kind) {
        long own = member.latency(kind).deadlineNanos();
        long mayTake = member.mayTakeNanos(kind);
        if (member.health.held()) {
            return Math.max(longestNanos, mayTake);
        }
        for (Member peer : all()) {
            if (peer != member && peer.health.current()) {
                long given = peer.latency(kind).deadlineNanos();
                own = Math.min(member.health.current() ? own : Math.max(own, given), Math.max(4 * given, mayTake));
            }
        }
        return own;
    }

    /** Nobody is waited for longer once another has answered. */
    long longestNanos() {
        return longestNanos;
    }

    void answered(Member member, CallKind kind, long nanos) {
        member.health.good(kind);
        member.evidence.answered(kind, nanos);
        if (member.health.current()) {
            member.latency(kind).sample(nanos);
        }
    }

    /** A call ended so that nobody else waited for. */
    void faulted(Member member, CallKind kind, ProviderFault fault) {
        faulted(member, kind, fault, time.nanos());
    }

    /** @param begunAt when the call began that ended so */
    void faulted(Member member, CallKind kind, ProviderFault fault, long begunAt) {
        member.ration.failed();
        member.evidence.faulted(kind, fault.kind());
        if (fault.kind() == FaultKind.ROLLED_BACK) {
            lost(member, fault.getMessage());
            return;
        }
        if (member.health.bad(kind, begunAt, 1)) {
            eject(member, Health.after(fault.kind()), fault.kind() + ": " + fault.getMessage());
        }
    }

    /** It did what it was asked, not in the time that it usually takes, but in the time that it is given while it is busy. */
    void answeredBusy(Member member, CallKind kind) {
        member.health.good(kind);
    }

    /**
     * It has not answered in the time it is given a call that began at {@code begunAt}.
     *
     * @param patience how many times as long as usual one as busy as it may take: so much less it says of one that is not waited for as long
     */
    void late(Member member, CallKind kind, long begunAt, double patience) {
        member.evidence.late(kind);
        member.ration.failed();
        if (kind == CallKind.WRITE && !member.health.lateAnew(ONE_PAUSE_NANOS)) {
            return;
        }
        double weight = kind == CallKind.WRITE ? 1 : 1 / patience;
        if (member.health.bad(kind, begunAt, weight)) {
            eject(member, ProviderState.DOWN, "no answer within its deadline");
        }
    }

    /** A second look confirmed that it lacks or alters what it has acknowledged. */
    void lied(Member member, String evidence) {
        lock.lock();
        try {
            if (member.health.state() == ProviderState.SUSPECT && member.health.mustCompare()) {
                return;
            }
            if (lastCurrent(member)) {
                LOG.warn("provider {} is the last one left and answers wrongly: {}", member, evidence);
                return;
            }
            member.health.requireComparison(false);
            move(member, ProviderState.SUSPECT, evidence);
        } finally {
            lock.unlock();
        }
    }

    /** It may lack something; what it is doing meanwhile goes on. */
    void requireComparison(Member member) {
        lock.lock();
        try {
            member.health.requireComparison(false);
            memory.rememberComparison(member.name(), true, member.health.blank());
        } finally {
            lock.unlock();
        }
    }

    /**
     * One may have lost what it held: marks of other nodes, too, that told what the others lack. Known until every other node has been
     * heard of since, also to the next run of this one.
     */
    void mayHaveLost() {
        lock.lock();
        try {
            lostAt = time.nanos();
            memory.rememberMarksLost(true);
        } finally {
            lock.unlock();
        }
    }

    /** Since that was noticed at this time every other node has been heard of. */
    void noMarkIsLost(long noticedAt) {
        lock.lock();
        try {
            Long last = lostAt;
            if (last != null && last == noticedAt) {
                memory.rememberMarksLost(false);
                lostAt = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** When it was last noticed that marks may be lost; null when none is, as far as is known. */
    @Nullable
    Long lostAt() {
        return lostAt;
    }

    /** Nothing is known of what it may lack; that holds for the last one, too. */
    void unknown(Member member, String evidence) {
        mayHaveLost();
        lock.lock();
        try {
            member.health.requireComparison(false);
            move(member, ProviderState.SUSPECT, evidence);
        } finally {
            lock.unlock();
        }
    }

    /** It no longer holds what it held. That holds for the last one, too. */
    void putBack(Member member, String evidence) {
        lock.lock();
        try {
            member.health.wasPutBack();
            unknown(member, evidence);
            forgetWhatItHeld(member);
        } finally {
            lock.unlock();
        }
    }

    /** The place is not the one it was: even the last one left cannot vouch for anything then. */
    void lost(Member member, String evidence) {
        lock.lock();
        try {
            if (!member.health.blank() || member.health.state() != ProviderState.SUSPECT) {
                mayHaveLost();
                member.health.requireComparison(true);
                move(member, ProviderState.SUSPECT, evidence);
            }
            forgetWhatItHeld(member);
        } finally {
            lock.unlock();
        }
    }

    /** Only once its word counts no more: a reader who finds nothing to know the place by goes by its high-water mark. */
    private void forgetWhatItHeld(Member member) {
        member.forgetAcknowledged();
        memory.forgetTraces(member.name());
    }

    private void eject(Member member, ProviderState to, String evidence) {
        lock.lock();
        try {
            if (member.health.state() == ProviderState.DOWN || member.health.state() == ProviderState.SUSPECT) {
                return;
            }
            Runnable again = () -> eject(member, to, evidence);
            // One that answers and refuses, though not current, is no use: it is tried again after a pause.
            boolean needed = lastCurrent(member) || (to == ProviderState.DOWN && nobodyElse(member));
            boolean tooMany = to == ProviderState.DOWN && !ejections.allowed(member.index, away());
            if ((needed || tooMany) && !member.signOfLife.missing(SILENCE_NANOS, again)) {
                if (tooMany) {
                    ejections.held(member.index);
                }
                return;
            }
            ejections.ejected(member.index);
            move(member, lastCurrent(member) ? ProviderState.DOWN : to, evidence);
        } finally {
            lock.unlock();
        }
    }

    void move(Member member, ProviderState to, String evidence) {
        lock.lock();
        try {
            ProviderState from = member.health.state();
            member.health.move(to, evidence);
            member.ration.moved(to);
            memory.rememberComparison(member.name(), member.health.mustCompare(), member.health.blank());
            if (from != to) {
                LOG.info("provider {} is {} (was {}): {}", member, to.label(), from.label(), evidence);
                moves.add(member, from, to, evidence);
            }
            changed.wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * It has been compared with the others and lacks nothing.
     *
     * @param doubts of its health before the comparison: one that was raised since is not settled by it
     * @return whether it is verified
     */
    boolean verified(Member member, long doubts) {
        lock.lock();
        try {
            if (member.health.doubts() != doubts || member.health.state() != ProviderState.CATCHING_UP) {
                return false;
            }
            member.health.compared();
            memory.rememberComparison(member.name(), false, false);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Calls a provider current that has caught up, unless something has come between. */
    boolean admit(Member member) {
        lock.lock();
        try {
            if (!member.health.takesWrites() || member.health.mustCompare() || member.health.held()) {
                return false;
            }
            move(member, ProviderState.CURRENT, "has caught up");
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a member take part in writes alone from now on, or be used in full again once it lacks nothing.
     *
     * @return false when it is the last one that is used
     */
    boolean hold(Member member, boolean held, String why) {
        lock.lock();
        try {
            if (held && lastCurrent(member)) {
                return false;
            }
            member.health.hold(held);
            if (held && member.health.current()) {
                move(member, ProviderState.CATCHING_UP, why);
            }
            changed.wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean lastCurrent(Member member) {
        return member.health.current() && nobodyElse(member);
    }

    /** Whether giving this one up may leave nobody: of several that are catching up, as after a start, each may be the last. */
    private boolean nobodyElse(Member member) {
        for (Member other : all()) {
            if (other != member && other.health.current()) {
                return false;
            }
        }
        return true;
    }

    /** How many of these domains are independent of one another. */
    static int independent(List<FailureDomain> domains) {
        return (int) domains.stream().distinct().count();
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to compare, and what follows from it: after a suspicion, at a return, after a restart, on a slow schedule and on request.
 * One pass at a time. Thread-safe.
 */
final class Comparisons {
    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);
    /** At a return half of the time is left to users; on the slow schedule four fifths. */
    private static final double YIELD_RETURNING = 1;

    private static final double YIELD_SCHEDULED = 4;
    /** To one that joins users send their writes and nothing else, and each batch waits until there is room beside them. */
    private static final double YIELD_JOINING = 0.25;

    /** How long to wait before a pass that could not be run or finished is tried again. */
    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final Suspicion suspicion;
    private final Collection collection;
    private final Supplier<List<NamespaceId>> namespaces;
    private final Signal requests;
    /** The places of a store that may be new, and how often each had been doubted when all of them were first there. */
    private final Map<Member, Long> emptyAtFirst = new ConcurrentHashMap<>();

    private final BatchSize batchSize = new BatchSize();
    private final ReentrantLock onePass = new ReentrantLock();
    private volatile boolean requested;
    private volatile boolean running;
    private volatile long finishedAt;
    private final AtomicLong begun = new AtomicLong();
    private volatile long completed;
    private volatile @Nullable Tally latest;

    Comparisons(Parts parts, Suspicion suspicion, Collection collection, Supplier<List<NamespaceId>> namespaces) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.suspicion = suspicion;
        this.collection = collection;
        this.namespaces = namespaces;
        this.requests = new Signal(time);
    }

    boolean running() {
        return running;
    }

    /** The number of the last complete pass over all providers; 0 for none. */
    long completed() {
        return completed;
    }

    /** The number that the next pass over all providers will have; those that cannot be run are numbered as well. */
    long next() {
        return begun.get() + 1;
    }

    /** Milliseconds since the Unix epoch at which the last complete pass over all providers ended; 0 for none. */
    long finishedAt() {
        return finishedAt;
    }

    /** The pass under way, or the last one; null before the first. */
    @Nullable
    ComparisonPass latest() {
        Tally tally = latest;
        return tally == null ? null : tally.view();
    }

    /**
     * Has the scheduled pass begin now.
     *
     * @return the number of the first pass that begins after this
     */
    long request() {
        long first = next();
        requested = true;
        requests.wake();
        return first;
    }

    /** Waits until a pass is due, on the slow schedule or by request, and runs it. A background thread does so again and again. */
    long run() throws InterruptedException {
        long interval = parts.config().compareInterval().toNanos();
        requests.await(time.nanos() + interval, () -> requested);
        // In this order: a request that comes between the two asks for this pass, and gets one more.
        requested = false;
        begun.incrementAndGet();
        if (!members.allCurrent() || !passOverAll()) {
            // What is not current is compared when it returns; then the pass over all is due.
            requested = true;
            return AGAIN_NANOS;
        }
        return 0;
    }

    private boolean passOverAll() throws InterruptedException {
        onePass.lockInterruptibly();
        try {
            running = true;
            long began = time.wallMillis();
            Comparison pass = new Comparison(parts, members.all(), YIELD_SCHEDULED, batchSize);
            latest = pass.tally();
            if (!pass.run(namespaces.get())) {
                return false;
            }
            remember(members.all());
            finishedAt = time.wallMillis();
            completed = begun.get();
            suspicion.forgiving(false);
            parts.cutShort().levelled();
            collection.run(began, namespaces.get());
            return true;
        } finally {
            running = false;
            onePass.unlock();
        }
    }

    /**
     * Compares a provider whose word is in doubt with the others.
     *
     * @return whether it has been verified, and lacks nothing
     */
    boolean verify(Member member) throws InterruptedException, LocalStoreFault {
        onePass.lockInterruptibly();
        try {
            running = true;
            List<Member> reachable = members.where(Health::takesWrites);
            boolean owed = parts.marks().owed(member);
            if (!owed && awaitsHints(member)) {
                return false;
            }
            if (!suffices(member, reachable)) {
                member.doing = "waiting for a provider to compare with";
                return false;
            }
            if (awaitsDrain(member, reachable)) {
                return false;
            }
            if (parts.memory().unproven()) {
                // Once the first of them has been compared the store is no more unproven.
                reachable.forEach(each -> emptyAtFirst.put(each, each.health.doubts()));
            }
            if (!sufficesWithin(member, reachable)) {
                member.doing = "waiting for a provider of its jurisdiction to compare with";
                return false;
            }
            List<Member> compared = needed(member, reachable);
            long doubts = member.health.doubts();
            Comparison pass =
                    new Comparison(parts, compared, member.joins() ? YIELD_JOINING : YIELD_RETURNING, batchSize);
            latest = pass.tally();
            if (!pass.run(namespaces.get())) {
                if (pass.massDelete()) {
                    member.doing = "stopped before a mass delete (replication.mass-delete-percent)";
                }
                return false;
            }
            remember(compared);
            if (owed && member.health.doubts() == doubts) {
                settleDebt(member, reachable);
            }
            // Only now: two nodes that have lost their hints and wait for each other's marks would wait for ever.
            if (awaitsHints(member) || !members.verified(member, doubts)) {
                return false;
            }
            parts.memory().rememberUnproven(false);
            LOG.info("provider {} has been compared among {} and lacks nothing", member, compared);
            return true;
        } finally {
            running = false;
            onePass.unlock();
        }
    }

    /**
     * One that joins learns nothing from others that only take part in writes and lack nothing, since whatever they hold was given to those
     * whose word counts as well. To look again at what they hold would cost as much as to fill them did.
     */
    private List<Member> needed(Member member, List<Member> reachable) throws LocalStoreFault {
        if (!member.joins()) {
            return reachable;
        }
        List<Member> some = reachable.stream()
                .filter(other -> other == member || !other.health.complete())
                .toList();
        return suffices(member, some) && sufficesWithin(member, some) ? some : reachable;
    }

    /**
     * What may lie only at some is compared only among these: whoever else is there says nothing about it, nor do they themselves when all of
     * them are empty places.
     */
    private boolean sufficesWithin(Member member, List<Member> reachable) {
        for (NamespaceId namespace : namespaces.get()) {
            Circle circle = members.of(namespace);
            if (parts.residency().restricts(namespace) && circle.has(member)) {
                List<Member> inside = circle.of(reachable);
                boolean trusted = inside.stream().anyMatch(other -> other != member && other.health.wordCounts());
                boolean everyone = inside.size() == circle.all().size();
                boolean someoneHolds = inside.stream().anyMatch(other -> !other.health.blank());
                if (!trusted && !(everyone && (someoneHolds || allNew(inside)))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean allNew(List<Member> some) {
        return some.stream().allMatch(each -> Long.valueOf(each.health.doubts()).equals(emptyAtFirst.get(each)));
    }

    /** As many there will be in the next pass, for a guess of when that ends. */
    private static void remember(List<Member> compared) {
        compared.forEach(member -> member.expected = member.compared.get());
    }

    private boolean awaitsHints(Member member) {
        Set<String> nodes = parts.peers().marking(member);
        if (!nodes.isEmpty()) {
            member.doing = "waiting for the hints of node " + String.join(" and ", nodes);
        }
        return !nodes.isEmpty();
    }

    /**
     * What still waits for another provider may be lost at this one, too, and then neither holds it and no difference shows. Once it
     * has been drained there is somebody to compare with.
     */
    private boolean awaitsDrain(Member member, List<Member> reachable) {
        for (Member other : reachable) {
            if (other != member && parts.hints().depth(other) > 0) {
                member.doing = "waiting until provider " + other + " has been given what it has missed";
                return true;
            }
        }
        return false;
    }

    /** What lost hints held may lie at a provider that could not be compared: then it is compared before its word counts. */
    private void settleDebt(Member member, List<Member> compared) throws InterruptedException, LocalStoreFault {
        for (Member other : members.all()) {
            if (!compared.contains(other)) {
                members.requireComparison(other);
            }
        }
        parts.marks().paid(member);
        parts.marks().clear(member);
    }

    /**
     * One whose word counts; or all there are, when not every one of them is an empty place, or when this is a new store after all,
     * which the first start could not tell.
     */
    private boolean suffices(Member member, List<Member> reachable) throws LocalStoreFault {
        boolean trusted = reachable.stream().anyMatch(m -> m != member && m.health.wordCounts());
        boolean everyone = reachable.size() == members.all().size();
        boolean someoneHolds = reachable.stream().anyMatch(m -> !m.health.blank());
        return trusted || (everyone && (someoneHolds || parts.memory().unproven()));
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Receipt;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Writing: stamp, fan out, acknowledge (promises P1 and P2).
 *
 * <p>Every provider that answers is sent the record in parallel; for every other one a hint is made durable, in the same sync as
 * the feed's entry. One that is sent it and does not confirm within its learned deadline gets a hint as well. The write is
 * acknowledged when {@code durability} homes hold it, and no provider is without either the record or a hint.
 *
 * <p>A write that finds a version it did not know of newer than its own is stamped again above it and repeated (DESIGN rule 8),
 * except when this node stamped the other one later: then the two were concurrent, and this one came first.
 *
 * <p>Thread-safe.
 */
final class Writes {
    private static final long RETRY_NANOS = 1_000_000;
    private static final long LONGEST_RETRY_NANOS = 16 * RETRY_NANOS;
    private static final int HASTY_ATTEMPTS = 8;
    private static final int FEW_HINTS = 64;
    private static final long RESTAMP_PAUSE_NANOS = 32_000_000;

    private final String node;
    private final Time time;
    private final Members members;
    private final HintLog hints;
    private final Feed feed;
    private final Marks marks;
    private final HybridClock clock;
    private final Quarantine quarantine;
    private final KnownVersions known;
    private final InFlight inFlight;
    private final LocalStore local;
    private final Seals seals;
    private final Residency residency;
    private final Counters counters;
    private final long timeoutNanos;
    private final long reserveBytes;

    Writes(Parts parts) {
        this.node = parts.node();
        this.time = parts.time();
        this.members = parts.members();
        this.hints = parts.hints();
        this.feed = parts.feed();
        this.marks = parts.marks();
        this.clock = parts.clock();
        this.quarantine = parts.quarantine();
        this.known = parts.known();
        this.inFlight = parts.inFlight();
        this.local = parts.local();
        this.seals = parts.seals();
        this.residency = parts.residency();
        this.counters = parts.counters();
        this.timeoutNanos = parts.config().writeTimeout().toNanos();
        this.reserveBytes = parts.config().reserveBytes();
    }

    /** What one attempt came to: a final outcome, or a newer version in the way. */
    private record Attempt(
            @Nullable Written written, @Nullable Version overtakenBy) {
        static Attempt is(Written written) {
            return new Attempt(written, null);
        }
    }

    /**
     * @param repeatable false for a conditional write, and for one at a version of its own: {@code null} is returned then when another
     *     write was newer
     */
    @Nullable
    Written write(Change change, boolean repeatable) throws InterruptedException {
        if (Request.now().over(time.nanos())) {
            return new Written.Refused(Request.overdue());
        }
        counters.writes.increment();
        long deadline = Request.now().atMost(time.nanos() + timeoutNanos);
        for (int i = 0; i == 0 || time.nanos() < deadline; i++) {
            Attempt attempt = attempt(change, deadline);
            if (attempt.written() != null) {
                if (!(attempt.written() instanceof Written.Acknowledged)) {
                    counters.refused.increment();
                }
                // An earlier attempt may have been stored somewhere, and may stay there.
                return i > 0 && attempt.written() instanceof Written.Refused(Refusal why)
                        ? new Written.Unknown(why)
                        : attempt.written();
            }
            counters.restamped.increment();
            if (!repeatable) {
                return null;
            }
            if (i >= HASTY_ATTEMPTS) {
                // Others are faster, or one of them is ahead by more than this node may follow.
                time.sleep(time.random().nextLong(RESTAMP_PAUSE_NANOS));
            }
        }
        return new Written.Unknown(
                new Refusal(Reason.DEADLINE, "Other writes of this key were newer each time until the deadline."));
    }

    private Attempt attempt(Change change, long deadline) throws InterruptedException {
        // A provider that is added while it is under way would neither be sent it nor given a hint.
        Lock placed = members.roster().placing().readLock();
        placed.lockInterruptibly();
        try {
            return placed(change, deadline);
        } finally {
            placed.unlock();
        }
    }

    private Attempt placed(Change change, long deadline) throws InterruptedException {
        List<Member> sent = takers(change, deadline);
        // What is left, and no second look at the states: one that returns in between would be neither sent it nor
        // given a hint.
        List<Member> missing = new ArrayList<>(change.circle(members).all());
        missing.removeAll(sent);
        Refusal refusal = refusal(change, sent, missing);
        if (refusal != null) {
            return Attempt.is(new Written.Refused(refusal));
        }
        Version version = change.kept();
        if (version != null) {
            return inFlight(change, version, sent, missing, deadline);
        }
        try {
            // What this node has shown of the key may lie at a provider that cannot be asked now, and be stamped by a
            // clock that is ahead.
            version = clock.nextAbove(known.get(change.ref()));
        } catch (HybridClock.NotReserved e) {
            return Attempt.is(new Written.Refused(localDisk(e.full(), e.getMessage())));
        }
        return inFlight(change, version, sent, missing, deadline);
    }

    private Attempt inFlight(Change change, Version version, List<Member> sent, List<Member> missing, long deadline)
            throws InterruptedException {
        // Before it is looked whether it is to be sealed: see SealsTold.
        inFlight.begin(change.ref(), version);
        try {
            // For each stamp anew: what is sealed is so for its version.
            Record record = seals.seal(change.ref(), change.at(version));
            return published(change, record, sent, missing, deadline);
        } catch (Seals.KeyMissing missed) {
            return Attempt.is(new Written.Refused(Opening.refusal(missed)));
        } finally {
            inFlight.end(change.ref(), version);
        }
    }

    /** Sends the record, and has the feed tell what came of it. */
    private Attempt published(Change change, Record record, List<Member> sent, List<Member> missing, long deadline)
            throws InterruptedException {
        FeedEntry begun;
        try {
            begun = feed.begin(change.ref(), record);
        } catch (LocalStoreFault stopping) {
            return Attempt.is(new Written.Refused(localDisk(false, String.valueOf(stopping.getMessage()))));
        }
        try (FeedEntry entry = begun) {
            Attempt attempt = send(change, record, entry, sent, missing, deadline);
            if (attempt.written() instanceof Written.Acknowledged) {
                entry.stands();
            } else if (attempt.written() instanceof Written.Refused) {
                entry.never();
            }
            return attempt;
        } catch (LocalStoreFault fault) {
            return Attempt.is(new Written.Unknown(localDisk(fault.full(), String.valueOf(fault.getMessage()))));
        }
    }

    private List<Member> takers(Change change, long deadline) throws InterruptedException {
        Circle circle = change.circle(members);
        List<Member> takers = circle.where(Health::takesWrites);
        boolean may = takers.isEmpty()
                && !change.policy().darkWrites()
                && circle.awaitInGap(
                        deadline, () -> !circle.where(Health::takesWrites).isEmpty());
        return sparing(change, may ? circle.where(Health::takesWrites) : takers);
    }

    /**
     * Without those who are coming back and have been given enough for now, or have as many calls under way as they bear, as long as the
     * write is as durable without them: they get a hint.
     */
    private List<Member> sparing(Change change, List<Member> takers) {
        List<Member> sent = new ArrayList<>(takers);
        for (Member member : takers) {
            boolean returns = !member.health.current() && member.ration.returning();
            boolean room = member.room();
            if ((room && !returns) || !Members.besides(member, sent)) {
                continue;
            }
            int with =
                    new Homes(sent, sent.size() < change.circle(members).all().size(), local.failureDomain()).domains();
            List<Member> others = new ArrayList<>(sent);
            others.remove(member);
            int without = new Homes(others, true, local.failureDomain()).domains();
            if (without >= Math.min(with, change.policy().durability())
                    && (!room || !member.ration.forWriter(hints.depth(member) < FEW_HINTS))) {
                sent = others;
                members.spared().increment();
            }
        }
        return sent;
    }

    /** Why the write is not even begun; null when it is. */
    private @Nullable Refusal refusal(Change change, List<Member> sent, List<Member> missing) {
        Refusal outside =
                Outside.refusal(residency, change.circle(members), change.ref().namespace());
        if (outside != null) {
            return outside;
        }
        boolean dark = change.policy().darkWrites();
        if (sent.isEmpty() && !dark) {
            return new Refusal(
                    Reason.NO_PROVIDER,
                    "None of the " + change.circle(members).all().size()
                            + " providers can be written to now, and the namespace does not"
                            + " allow dark writes. Try again later.");
        }
        if (local.freeBytes() < reserveBytes) {
            return new Refusal(
                    Reason.LOCAL_DISK_FULL,
                    "This node's disk has less than its reserve of " + (reserveBytes >> 20)
                            + " MiB left, so it takes no writes. Free some room on it.");
        }
        if (change.policy().whenShort() == WhenShort.REFUSE && !sent.isEmpty()) {
            int domains = new Homes(sent, !missing.isEmpty(), local.failureDomain()).domains();
            if (domains < change.policy().durability()) {
                return new Refusal(
                        Reason.TOO_FEW_HOMES,
                        "Only " + domains + " of the " + change.policy().durability()
                                + " independent failure domains that the namespace asks for can take a write now.");
            }
        }
        return null;
    }

    private Attempt send(
            Change change, Record record, FeedEntry entry, List<Member> sent, List<Member> missing, long deadline)
            throws InterruptedException, LocalStoreFault {
        KeyRef ref = change.ref();
        Question<Put> question = new Question<>(time, members, CallKind.WRITE);
        for (Member member : sent) {
            put(question, member, ref, record);
        }
        try {
            Batch batch = new Batch();
            feed.append(batch, entry);
            hint(ref, record, missing, batch);

            question.await(deadline, () -> lateOrIn(question, sent));
            boolean unsure = !sent.isEmpty() && retryWhileNoneStored(question, ref, record, deadline);
            Refusal none = missing.isEmpty() && !unsure ? certainlyNowhere(question, sent) : null;
            if (none != null) {
                return Attempt.is(new Written.Refused(none));
            }
            List<Member> floored = new ArrayList<>();
            Version newer =
                    change.kept() == null ? overtaken(question, ref, record, floored) : inTheWayOfKept(question);
            if (newer != null) {
                return new Attempt(null, newer);
            }
            putPastTheFloor(question, ref, record, floored, deadline);
            List<Member> stored = new ArrayList<>();
            List<Member> hinted = new ArrayList<>();
            for (Member member : change.circle(members).all()) {
                Put put = question.answer(member);
                boolean has = put != null && (put.stored() || !floored.contains(member));
                (has ? stored : hinted).add(member);
                if (put != null && put.stored()) {
                    member.acknowledged(record.version());
                }
            }
            List<Member> lacking = new ArrayList<>(hinted);
            lacking.removeAll(missing);
            hint(ref, record, lacking, new Batch());
            return Attempt.is(settle(change, record, entry, stored, hinted));
        } finally {
            question.close();
        }
    }

    private static void put(Question<Put> question, Member member, KeyRef ref, Record record) {
        question.ask(
                member,
                (provider, reply) -> provider.queue(ref.namespace(), ref.key(), record, false, reply),
                provider -> provider.putIfNewer(ref.namespace(), ref.key(), record));
    }

    private void hint(KeyRef ref, Record record, List<Member> lacking, Batch batch)
            throws InterruptedException, LocalStoreFault {
        if (lacking.isEmpty() && batch.changes().isEmpty()) {
            return;
        }
        counters.hinted.add(lacking.size());
        marks.whileMarked(lacking, () -> hints.keep(ref, record, lacking, batch));
    }

    private Written settle(Change change, Record record, FeedEntry entry, List<Member> stored, List<Member> hinted) {
        if (stored.isEmpty() && !change.policy().darkWrites()) {
            return new Written.Unknown(new Refusal(
                    Reason.NO_PROVIDER,
                    "No provider confirmed the write. It may still happen; read the key, or write it again."));
        }
        Homes homes = new Homes(stored, !hinted.isEmpty(), local.failureDomain());
        int domains = homes.domains();
        if (domains < change.policy().durability() && change.policy().whenShort() == WhenShort.REFUSE) {
            return new Written.Unknown(new Refusal(
                    Reason.TOO_FEW_HOMES,
                    "The write is durable in only " + domains + " of the "
                            + change.policy().durability()
                            + " independent failure domains that the namespace asks for."));
        }
        known.learn(change.ref(), record.version());
        List<String> waiting = hinted.stream().map(Member::name).toList();
        return new Written.Acknowledged(new Receipt(
                record.version(),
                homes.names(),
                waiting,
                domains,
                domains < change.policy().durability(),
                new Point(node, entry.at())));
    }

    private static boolean lateOrIn(Question<Put> question, List<Member> sent) {
        for (Member member : sent) {
            if (question.pending(member) && !question.late(member)) {
                return false;
            }
        }
        return true;
    }

    /**
     * While nobody has stored it there is no home but the hint log, so all who take writes and have not refused this one are asked
     * again, or for the first time when they have returned since; one that is late may still answer.
     */
    private boolean retryWhileNoneStored(Question<Put> question, KeyRef ref, Record record, long deadline)
            throws InterruptedException {
        Circle circle = members.of(ref.namespace());
        long pause = RETRY_NANOS;
        boolean unsure = false;
        while (noneStored(question) && time.nanos() < deadline) {
            if (!circle.awaitInGap(deadline, () -> !noneStored(question) || anyHope(circle, question))) {
                return unsure;
            }
            boolean asked = false;
            for (Member member : circle.where(Health::takesWrites)) {
                boolean open = question.pending(member) || question.answer(member) != null;
                if (!open && refused(question, member) == null) {
                    unsure = true;
                    asked = true;
                    put(question, member, ref, record);
                }
            }
            question.await(Math.min(deadline, time.nanos() + pause), () -> !noneStored(question));
            // In a stall all clients come here, and there is nobody to ask anew.
            pause = Math.min(pause * 2, asked ? LONGEST_RETRY_NANOS : 8 * LONGEST_RETRY_NANOS);
        }
        return unsure;
    }

    private static boolean anyHope(Circle circle, Question<Put> question) {
        for (Member member : circle.where(Health::takesWrites)) {
            if (refused(question, member) == null) {
                return true;
            }
        }
        return false;
    }

    /** The fault with which the member said that it has not stored the record and will not; null when it did not say so. */
    private static @Nullable ProviderFault refused(Question<Put> question, Member member) {
        if (question.outcome(member) instanceof Question.Outcome.Faulted<Put>(ProviderFault fault)) {
            return switch (fault.kind()) {
                case UNAUTHORIZED, DISK_FULL, ROLLED_BACK -> fault;
                case UNAVAILABLE, TIMEOUT, THROTTLED, CORRUPT -> null;
            };
        }
        return null;
    }

    /** The refusal when every provider said that it has not stored the record: nothing has happened then. */
    private static @Nullable Refusal certainlyNowhere(Question<Put> question, List<Member> sent) {
        StringBuilder sentence = new StringBuilder();
        for (Member member : sent) {
            ProviderFault fault = refused(question, member);
            if (fault == null) {
                return null;
            }
            sentence.append(sentence.isEmpty() ? "" : "; ");
            sentence.append("provider ").append(member).append(": ").append(fault.getMessage());
        }
        return sent.isEmpty() ? null : new Refusal(Reason.NO_PROVIDER, "No provider takes writes: " + sentence);
    }

    private boolean noneStored(Question<Put> question) {
        for (Member member : members.all()) {
            if (question.answer(member) != null) {
                return false;
            }
        }
        return true;
    }

    /**
     * A newer version that stood in the way and was not stamped by this node after ours; null for none.
     *
     * @param floored is given those where a floor stood in the way that no honest clock can have set: nothing can be stamped above that
     */
    private @Nullable Version overtaken(Question<Put> question, KeyRef ref, Record record, List<Member> floored)
            throws LocalStoreFault {
        Version newest = null;
        for (Member member : members.all()) {
            Put put = question.answer(member);
            if (put == null || put.stored()) {
                continue;
            }
            if (quarantine.concerns(put.winner())) {
                if (setAside(member, ref)) {
                    newest = Version.newest(record.version(), newest == null ? Version.NONE : newest);
                } else {
                    floored.add(member);
                }
            } else if (put.winner().stamp() != clock.stamp() || !put.winner().newerThan(record.version())) {
                clock.observe(put.winner());
                newest = Version.newest(put.winner(), newest == null ? Version.NONE : newest);
            }
        }
        return newest;
    }

    /**
     * What stood in the way of a version that was not stamped just now: nothing of it is younger by chance, and a floor above it has
     * every right; null for nothing.
     */
    private @Nullable Version inTheWayOfKept(Question<Put> question) {
        for (Member member : members.all()) {
            Put put = question.answer(member);
            if (put != null && !put.stored()) {
                clock.observe(put.winner());
                return put.winner();
            }
        }
        return null;
    }

    /** A version that was stamped just now lies above every floor that there can be. Who does not take it gets a hint. */
    private static void putPastTheFloor(
            Question<Put> question, KeyRef ref, Record record, List<Member> floored, long deadline)
            throws InterruptedException {
        if (floored.isEmpty()) {
            return;
        }
        for (Member member : floored) {
            question.ask(member, provider -> provider.restore(ref.namespace(), ref.key(), record));
        }
        question.await(deadline, () -> lateOrIn(question, floored));
    }

    private boolean setAside(Member member, KeyRef ref) throws LocalStoreFault {
        try {
            return quarantine.setAside(member, ref);
        } catch (ProviderFault fault) {
            members.faulted(member, CallKind.READ, fault);
            return false;
        }
    }

    private static Refusal localDisk(boolean full, String sentence) {
        return new Refusal(full ? Reason.LOCAL_DISK_FULL : Reason.LOCAL_DISK_FAILED, "This node's disk: " + sentence);
    }
}

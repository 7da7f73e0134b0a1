package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.time.Time;
import java.util.List;

/**
 * What to do about a provider that was seen without the newest version of a key: look again, and unless news explains it, hold it
 * against the provider. Either way the record becomes a hint for it, so that the version is in a second place before anybody is
 * told of it (DESIGN rule 7); where it may not lie on this node's disk, it is given to the provider there and then. Thread-safe.
 */
final class Suspicion {
    private final Time time;
    private final Members members;
    private final Marks marks;
    private final HintLog hints;
    private final Counters counters;
    private final HybridClock clock;
    private final Quarantine quarantine;
    private final Residency residency;
    private final long newsMillis;
    private volatile boolean forgiving;

    Suspicion(Parts parts) {
        this.time = parts.time();
        this.members = parts.members();
        this.marks = parts.marks();
        this.hints = parts.hints();
        this.counters = parts.counters();
        this.clock = parts.clock();
        this.quarantine = parts.quarantine();
        this.residency = parts.residency();
        this.newsMillis = parts.config().writeTimeout().toMillis()
                + parts.config().maxSkew().toMillis();
    }

    /**
     * After a restart, writes that the node was in the middle of may lie at one provider only, without any fault of the other.
     * Until the first comparison has levelled that, lagging is repaired and not held against anybody.
     */
    void forgiving(boolean now) {
        forgiving = now;
    }

    /**
     * Handles a provider that lacks {@code newest}, or holds it damaged.
     *
     * @return whether the record is in a second place now: the provider holds it, or a hint for it is durable
     */
    boolean lagging(Member member, KeyRef ref, Record newest, long deadline)
            throws InterruptedException, LocalStoreFault {
        if (Marks.areOf(ref)) {
            // By design only the other providers have been given it.
            return true;
        }
        counters.disagreements.increment();
        Look look = lookAgain(member, ref, newest, deadline);
        if (look == Look.HOLDS_IT) {
            return true;
        }
        if (look == Look.LACKS_IT && !excused(newest.version())) {
            String lie = "it does not hold version " + newest.version() + " of a key, which another provider holds";
            member.evidence.contradicted(lie);
            members.lied(member, lie);
        }
        boolean kept = keepFor(member, ref, newest, deadline);
        if (kept) {
            counters.repairs.increment();
        }
        return kept;
    }

    /**
     * Sees to it that the member comes to hold the record.
     *
     * @return whether a hint of it is durable, or the member has confirmed that it holds it
     */
    boolean keepFor(Member member, KeyRef ref, Record newest, long deadline)
            throws InterruptedException, LocalStoreFault {
        if (!residency.here(ref.namespace())) {
            return give(member, ref, newest, deadline);
        }
        List<Member> lacking = List.of(member);
        marks.whileMarked(lacking, () -> hints.keep(ref, newest, lacking, new Batch()));
        counters.hinted.increment();
        return true;
    }

    private boolean give(Member member, KeyRef ref, Record newest, long deadline) throws InterruptedException {
        // A record that is alive was not collected, whatever the floor.
        boolean vouched = newest.alive(time.wallMillis());
        Question<Put> question = new Question<>(time, members, CallKind.WRITE);
        question.ask(member, provider -> provider.put(ref.namespace(), ref.key(), newest, vouched));
        question.await(deadline, () -> question.late(member) || question.allIn());
        question.close();
        Put put = question.answer(member);
        return put != null && (put.stored() || !newest.version().newerThan(put.winner()));
    }

    /** A write of another node, or of this one before a restart, may be on its way. */
    private boolean excused(Version version) {
        boolean news = version.millis() + newsMillis > time.wallMillis();
        return forgiving || (news && version.stamp() != clock.stamp());
    }

    /** What the second look showed. */
    private enum Look {
        HOLDS_IT,
        LACKS_IT,
        /** It did not answer, which is no lie. */
        NOTHING
    }

    /** The second look reads the whole record: a version alone does not show that the value is damaged. */
    private Look lookAgain(Member member, KeyRef ref, Record newest, long deadline) throws InterruptedException {
        Question<Lookup> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, provider -> provider.get(ref.namespace(), ref.key()));
        long patience = Math.min(deadline, time.nanos() + 2 * members.deadlineNanos(member, CallKind.READ));
        question.await(patience, question::allIn);
        question.close();
        return switch (question.outcome(member)) {
            case Question.Outcome.Answered<Lookup>(Lookup again) ->
                quarantine.believed(again.sighting()).lacks(newest, time.wallMillis()) ? Look.LACKS_IT : Look.HOLDS_IT;
            case Question.Outcome.Faulted<Lookup>(var fault)
            when fault.kind() == FaultKind.CORRUPT -> {
                counters.damaged.increment();
                yield Look.LACKS_IT;
            }
            case Question.Outcome.Faulted<Lookup> fault -> Look.NOTHING;
            case null -> Look.NOTHING;
        };
    }
}

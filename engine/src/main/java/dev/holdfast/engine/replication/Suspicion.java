package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.time.Time;
import java.util.List;

/**
 * What to do about a provider that was seen without the newest version of a key: look again, and unless news explains it, hold it
 * against the provider. Either way the record becomes a hint for it, so that the version is in a second place before anybody is
 * told of it (DESIGN rule 7). Thread-safe.
 */
final class Suspicion {
    private final Time time;
    private final Members members;
    private final Marks marks;
    private final HintLog hints;
    private final Counters counters;
    private final HybridClock clock;
    private final Quarantine quarantine;
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

    /** Handles a provider that lacks {@code newest}, or holds it damaged. Returns once a hint for it is durable. */
    void lagging(Member member, KeyRef ref, Record newest, long deadline) throws InterruptedException, LocalStoreFault {
        if (Marks.areOf(ref)) {
            // By design only the other providers have been given it.
            return;
        }
        counters.disagreements.increment();
        Look look = lookAgain(member, ref, newest, deadline);
        if (look != Look.HOLDS_IT) {
            if (look == Look.LACKS_IT && !excused(newest.version())) {
                String lie = "it does not hold version " + newest.version() + " of a key, which another provider holds";
                member.evidence.contradicted(lie);
                members.lied(member, lie);
            }
            keepFor(member, ref, newest);
            counters.repairs.increment();
        }
    }

    /** Returns once a hint of the record for the member is durable. */
    void keepFor(Member member, KeyRef ref, Record newest) throws InterruptedException, LocalStoreFault {
        List<Member> lacking = List.of(member);
        marks.whileMarked(lacking, () -> hints.keep(ref, newest, lacking, new Batch()));
        counters.hinted.increment();
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

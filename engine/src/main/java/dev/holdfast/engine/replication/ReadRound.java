package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One round of asking a panel of providers for a key, and what it decides. Belongs to one thread.
 *
 * <ul>
 *   <li>A straggler is given up at its learned deadline only if the answer in hand is vouched for: a record, not older than what
 *       this node knows of the key. A lone absence waits for it (DESIGN rule 3).
 *   <li>An absence is believed when every provider of the panel whose word counts has answered so or has been ejected meanwhile
 *       (rule 4), and this node knows of no version above the collection floor (rule 5).
 *   <li>A disagreement is settled before it is answered (rule 7).
 * </ul>
 */
final class ReadRound {
    private static final long SLICE_NANOS = 5_000_000;

    private final Time time;
    private final Members members;
    private final Circle circle;
    private final Parts parts;
    private final Overlay overlay;
    private final Suspicion suspicion;
    private final KeyRef ref;
    private final ReadMode mode;
    private final List<Member> panel;
    /** Of each of the panel before it was asked. */
    private final List<Health.Word> words;

    private final long deadline;
    private final Version known;
    private final Question<Seen> question;
    private @Nullable Record hinted;
    private boolean changing;
    /** Those that show a record which no honest clock can have stamped, and which this node may not set aside. */
    private Set<Member> disbelieved = Set.of();

    /** A provider's answer: always the version, and the record from the one that was asked for it. */
    private record Seen(Sighting sighting, @Nullable Record record) {}

    ReadRound(
            Parts parts,
            Overlay overlay,
            Suspicion suspicion,
            KeyRef ref,
            Circle circle,
            ReadMode mode,
            List<Member> panel,
            long deadline) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.circle = circle;
        this.overlay = overlay;
        this.suspicion = suspicion;
        this.ref = ref;
        this.mode = mode;
        this.panel = panel;
        this.words = panel.stream().map(member -> member.health.word()).toList();
        this.deadline = deadline;
        this.known = parts.known().get(ref);
        this.question = new Question<>(time, members, CallKind.READ);
    }

    /** The answer, or null when this round could not decide and another one may. */
    @Nullable
    Answer run() throws InterruptedException, LocalStoreFault {
        // Before anybody is asked: a hint that is gone by then is already where it belongs.
        hinted = overlay.newest(ref);
        Member nearest = nearest();
        for (Member member : panel) {
            if (member == nearest) {
                question.ask(member, provider -> seen(provider.get(ref.namespace(), ref.key())));
            } else {
                question.ask(member, provider -> seen(provider.sight(ref.namespace(), ref.key()), null));
            }
        }
        try {
            while (!question.await(Math.min(deadline, time.nanos() + SLICE_NANOS), this::enough)) {
                if (time.nanos() >= deadline) {
                    break;
                }
            }
            return decide();
        } finally {
            question.close();
        }
    }

    private Seen seen(Lookup lookup) {
        return seen(lookup.sighting(), lookup instanceof Lookup.Present(Record record) ? record : null);
    }

    private Seen seen(Sighting sighting, @Nullable Record record) {
        return new Seen(parts.quarantine().believed(sighting), record);
    }

    /** Whether the round could not decide because the key was just being written, or whoever was asked just being compared. */
    boolean changing() {
        return changing;
    }

    private Member nearest() {
        Member nearest = panel.getFirst();
        for (Member member : panel) {
            boolean better = member.health.current() && !nearest.health.current();
            if (better
                    || (member.health.current() == nearest.health.current()
                            && member.latency(CallKind.READ).meanNanos()
                                    < nearest.latency(CallKind.READ).meanNanos())) {
                nearest = member;
            }
        }
        return nearest;
    }

    private @Nullable Seen answer(Member member) {
        return disbelieved.contains(member) ? null : question.answer(member);
    }

    private boolean enough() {
        boolean vouched = presentAndNotOlderThanKnown();
        for (Member member : panel) {
            if (!question.pending(member)) {
                continue;
            }
            boolean mayGo = vouched && mode == ReadMode.CONFIRMED;
            if (!question.late(member) || (!mayGo && member.health.wordCounts())) {
                return false;
            }
        }
        return true;
    }

    private boolean presentAndNotOlderThanKnown() {
        for (Member member : panel) {
            Seen seen = answer(member);
            if (seen != null && seen.sighting.present() && !known.newerThan(seen.sighting.version())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Answer decide() throws InterruptedException, LocalStoreFault {
        setAsideTheFuture();
        Member holder = null;
        Version newest = Version.NONE;
        Version floor = Version.NONE;
        boolean anyVouches = false;
        boolean countsSince = false;
        List<Member> answering = new ArrayList<>(panel.size());
        for (int i = 0; i < panel.size(); i++) {
            Member member = panel.get(i);
            Seen seen = answer(member);
            if (seen == null) {
                continue;
            }
            answering.add(member);
            boolean counts = member.health.stillCounts(words.get(i));
            anyVouches |= counts;
            countsSince |= !counts && member.health.wordCounts();
            if (!seen.sighting.present()) {
                floor = Version.newest(floor, seen.sighting.version());
            } else if (holder == null || better(seen, newest, holder)) {
                holder = member;
                newest = seen.sighting.version();
            }
        }
        if (!anyVouches && countsSince) {
            // It was compared while it was asked: what it says now is worth more.
            changing = true;
            return null;
        }
        anyVouches = anyVouches && parts.peers().knowAll(answering, circle.all().size()) && ofNow(answering);
        Record waiting = newer(hinted, overlay.newest(ref));
        if (waiting != null && (holder == null || waiting.version().newerThan(newest))) {
            return settled(waiting, Homes.HINT_LOG, anyVouches);
        }
        if (holder == null) {
            return absence(floor, anyVouches);
        }
        Record record = fetch(holder);
        if (record == null || record.version().compareTo(newest) < 0) {
            changing = true;
            return null;
        }
        return settled(record, holder.name(), anyVouches);
    }

    /** Two places do not go back in time at once. One that alone has answered is looked at, since nobody has looked for up to a second. */
    private boolean ofNow(List<Member> answering) throws InterruptedException, LocalStoreFault {
        boolean alone = answering.size() == 1 && circle.all().size() > 1;
        return !alone || parts.presence().stillHeldBy(answering.getFirst(), deadline);
    }

    private static @Nullable Record newer(@Nullable Record a, @Nullable Record b) {
        return a == null || b == null ? (a == null ? b : a) : Record.merge(a, b);
    }

    private boolean better(Seen seen, Version newest, Member holder) {
        int order = seen.sighting.version().compareTo(newest);
        Seen held = answer(holder);
        return order > 0 || (order == 0 && seen.record != null && (held == null || held.record == null));
    }

    /** The record from the member that has the newest version, asked for now if it was only asked for its version. */
    private @Nullable Record fetch(Member holder) throws InterruptedException {
        Seen seen = answer(holder);
        if (seen != null && seen.record != null) {
            return seen.record;
        }
        Question<Lookup> again = new Question<>(time, members, CallKind.READ);
        again.ask(holder, provider -> provider.get(ref.namespace(), ref.key()));
        again.await(Math.min(deadline, time.nanos() + 2 * members.deadlineNanos(holder, CallKind.READ)), again::allIn);
        again.close();
        return again.answer(holder) instanceof Lookup.Present(Record record) ? record : null;
    }

    /** Answers with a record once it is in two places, or every provider of the panel has it. */
    private @Nullable Answer settled(Record record, String source, boolean anyVouches)
            throws InterruptedException, LocalStoreFault {
        Version version = record.version();
        if (known.newerThan(version)) {
            return null;
        }
        for (Member member : panel) {
            if (!lags(member, record)) {
                continue;
            }
            Record waiting = overlay.waiting(member, ref);
            if (waiting != null && !version.newerThan(waiting.version())) {
                continue;
            }
            if (parts.inFlight().explains(ref, version)) {
                parts.inFlight().awaitSettled(ref, version, deadline);
                changing = true;
                return null;
            }
            if (!suspicion.lagging(member, ref, record, deadline)) {
                changing = true;
                return null;
            }
        }
        if (parts.inFlight().explains(ref, version) && !inTwoPlaces(record)) {
            // Its writer is about to see to that. What has been shown must not be lost with the one home that holds it.
            parts.inFlight().awaitSettled(ref, version, deadline);
            changing = true;
            return null;
        }
        // Of what may not lie on this node's disk it has written nothing.
        if (parts.cutShort().mayBe(version) && parts.residency().here(ref.namespace())) {
            keepForTheUnheard(record);
        }
        parts.known().learn(ref, version);
        String note = anyVouches ? "" : "no provider whose word counts could be asked";
        Freshness freshness = freshness(source, anyVouches, note);
        return record.alive(time.wallMillis())
                ? new Answer.Found(record, freshness)
                : new Answer.Missing(version, freshness);
    }

    /** The write may never have come to whoever has not answered, nor a hint of it to this node's disk. */
    private void keepForTheUnheard(Record record) throws InterruptedException, LocalStoreFault {
        for (Member member : circle.all()) {
            boolean heard = answer(member) != null || member.health.mustCompare() || Marks.areOf(ref);
            Record waiting = heard ? null : overlay.waiting(member, ref);
            if (!heard && (waiting == null || record.version().newerThan(waiting.version()))) {
                suspicion.keepFor(member, ref, record, deadline);
            }
        }
    }

    private boolean inTwoPlaces(Record record) throws LocalStoreFault {
        int places = 0;
        for (Member member : panel) {
            Seen seen = answer(member);
            places += seen != null && !seen.sighting.lacks(record, time.wallMillis()) ? 1 : 0;
        }
        Record waiting = overlay.newest(ref);
        return places + (waiting == null || record.version().newerThan(waiting.version()) ? 0 : 1) > 1;
    }

    private boolean lags(Member member, Record record) {
        return switch (question.outcome(member)) {
            case Question.Outcome.Answered<Seen>(Seen seen) -> seen.sighting.lacks(record, time.wallMillis());
            case Question.Outcome.Faulted<Seen>(var fault) -> fault.kind() == FaultKind.CORRUPT;
            case null -> false;
        };
    }

    private @Nullable Answer absence(Version floor, boolean anyVouches) {
        if (known.newerThan(floor)) {
            return null;
        }
        for (Member member : panel) {
            if (answer(member) == null && member.health.wordCounts()) {
                return null;
            }
        }
        if (anyVouches) {
            return new Answer.Missing(floor, freshness(names(), true, ""));
        }
        for (Member member : panel) {
            if (answer(member) != null) {
                parts.counters().unconfirmed.increment();
                return new Answer.Unavailable(new Refusal(
                        Reason.UNCONFIRMED_ABSENCE,
                        "No provider whose word counts can be asked now, so it is not known whether the key exists. Try"
                                + " again later."));
            }
        }
        return null;
    }

    private Freshness freshness(String source, boolean confirmed, String note) {
        if (!confirmed) {
            parts.counters().unconfirmed.increment();
        }
        return new Freshness(source, confirmed, note);
    }

    private String names() {
        StringBuilder names = new StringBuilder();
        for (Member member : panel) {
            if (answer(member) != null) {
                names.append(names.isEmpty() ? "" : ", ").append(member.name());
            }
        }
        return names.toString();
    }

    private void setAsideTheFuture() throws LocalStoreFault {
        for (Member member : panel) {
            Seen seen = answer(member);
            if (seen != null && seen.sighting.present() && parts.quarantine().concerns(seen.sighting.version())) {
                if (!parts.residency().here(ref.namespace())) {
                    disbelieved = new HashSet<>(disbelieved);
                    disbelieved.add(member);
                    continue;
                }
                try {
                    parts.quarantine().setAside(member, ref);
                } catch (ProviderFault fault) {
                    members.faulted(member, CallKind.READ, fault);
                }
                question.ask(member, provider -> seen(provider.get(ref.namespace(), ref.key())));
            }
        }
    }
}

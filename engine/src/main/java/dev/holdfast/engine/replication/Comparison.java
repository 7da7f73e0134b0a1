package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.replication.Question.Outcome;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One comparison pass: an ordered streaming merge of the scans of several providers, in constant memory. Every key whose newest
 * version some provider lacks is looked at again, repaired, and looked at once more, since a provider that acknowledges and does
 * not keep must not pass. It never deletes for an absence; only tombstones spread. Belongs to one thread.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);
    private static final int PAGE = 1000;
    private static final int REPAIRERS = 32;
    /** What levelling a key asks of one that lacks it: a look, a record, and a look again. */
    private static final int LEVEL_CALLS = 3;

    private static final long MASS_DELETE_LEAST = 1000;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final LocalStore local;
    private final Counters counters;
    private final Overlay overlay;
    private final Floors floors;
    private final List<Member> compared;
    private final double yield;
    private final Tally tally;
    private final AtomicBoolean sound;
    private long keys;
    private long spreadDeletes;
    private boolean massDelete;

    /**
     * @param compared the providers to level
     * @param yield how long to rest after a page, as a multiple of the time it took
     */
    Comparison(Parts parts, List<Member> compared, double yield) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.local = parts.local();
        this.counters = parts.counters();
        this.overlay = new Overlay(parts.hints(), parts.members(), parts.counters());
        this.floors = new Floors(parts);
        this.compared = compared;
        this.yield = yield;
        this.tally = new Tally(time, counters, compared);
        this.sound = new AtomicBoolean(true);
    }

    /** A part of one, over some of its providers. */
    private Comparison(Comparison whole, List<Member> some) {
        this.parts = whole.parts;
        this.time = whole.time;
        this.members = whole.members;
        this.local = whole.local;
        this.counters = whole.counters;
        this.overlay = whole.overlay;
        this.floors = whole.floors;
        this.compared = some;
        this.yield = whole.yield;
        this.tally = whole.tally;
        this.sound = whole.sound;
    }

    /**
     * Compares the system namespace, the known ones, and those of which the providers' catalogue has an entry: a node that has
     * just lost its memory, or just joined, knows of none.
     *
     * @return whether every key of every provider was seen, and all that differed was made equal
     */
    boolean run(Collection<NamespaceId> known) throws InterruptedException {
        boolean whole = false;
        try {
            whole = compareAll(known);
        } finally {
            tally.end(whole);
        }
        return whole;
    }

    /** What it has come to so far. */
    Tally tally() {
        return tally;
    }

    private boolean compareAll(Collection<NamespaceId> known) throws InterruptedException {
        for (Member member : compared) {
            member.compared.set(0);
            member.comparingSince = time.wallMillis();
        }
        Set<NamespaceId> found = new LinkedHashSet<>();
        compare(NamespaceId.SYSTEM, key -> namespaceOf(key).ifPresent(found::add));
        found.addAll(known);
        found.remove(NamespaceId.SYSTEM);
        for (NamespaceId namespace : found) {
            if (!sound.get()) {
                return false;
            }
            within(namespace).compare(namespace, key -> {});
        }
        return sound.get();
    }

    /** Over those alone at which records of the namespace may lie; over nobody as long as that is not known. */
    private Comparison within(NamespaceId namespace) {
        if (!parts.residency().known(namespace)) {
            LOG.warn("namespace {} cannot be compared before the catalogue says where its records may lie", namespace);
            sound.set(false);
        }
        List<Member> inside = members.of(namespace).of(compared);
        return inside.size() == compared.size() ? this : new Comparison(this, inside);
    }

    private static Optional<NamespaceId> namespaceOf(Key key) {
        String name = key.toString();
        try {
            return name.startsWith(SystemRecords.NAMESPACE_ENTRY)
                    ? Optional.of(NamespaceId.parse(name.substring(SystemRecords.NAMESPACE_ENTRY.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("catalogue entry {} names no namespace", key);
            return Optional.empty();
        }
    }

    /** Why the pass stopped, when it stopped because it would have spread too many deletes. */
    boolean massDelete() {
        return massDelete;
    }

    private void compare(NamespaceId namespace, Consumer<Key> seen) throws InterruptedException {
        long patience = parts.config().callTimeout().toNanos();
        MergedScan scan = new MergedScan(time, members, compared, namespace, new byte[0], null, PAGE, patience);
        Crew crew = new Crew(time, "repair", REPAIRERS);
        long began = time.nanos();
        for (Merged merged = scan.next(); merged != null; merged = scan.next()) {
            if (!scan.failed().isEmpty() || !sound.get()) {
                break;
            }
            tally.compared(namespace);
            seen.accept(merged.key());
            for (Member member : compared) {
                member.compared.incrementAndGet();
            }
            if (++keys % PAGE == 0) {
                time.sleep((long) ((time.nanos() - began) * yield));
                for (Member member : compared) {
                    member.ration.await(1);
                }
                began = time.nanos();
            }
            if (differs(merged)) {
                Merged suspect = merged;
                awaitTurn(merged);
                crew.does(() -> level(new KeyRef(namespace, suspect.key()), suspect));
            }
        }
        crew.finish();
        if (!scan.failed().isEmpty()) {
            sound.set(false);
        }
        if (sound.get() && !floors.level(compared, namespace)) {
            sound.set(false);
        }
    }

    /** Until those that lack something may be looked at, given it, and looked at once more. */
    private void awaitTurn(Merged merged) throws InterruptedException {
        Head newest = merged.newest();
        for (Member member : compared) {
            Head held = merged.heads().get(member);
            if (held == null || newest == null || !held.sameAs(newest)) {
                member.ration.await(LEVEL_CALLS);
            }
        }
    }

    private boolean differs(Merged merged) {
        Head newest = merged.newest();
        if (newest == null || !merged.damaged().isEmpty() || merged.heads().size() < compared.size()) {
            return true;
        }
        for (Head head : merged.heads().values()) {
            if (!head.sameAs(newest)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Levels one key of which a provider holds damaged bytes.
     *
     * @param head what the provider says that it holds; null when that is damaged, too
     * @return whether all were asked, and hold the same now as far as there is anything whole to hold
     */
    boolean levelDamaged(KeyRef ref, Member damaged, @Nullable Head head) {
        Map<Member, Head> heads = head == null ? Map.of() : Map.of(damaged, head);
        level(ref, new Merged(ref.key(), heads, Set.of(damaged)));
        return sound.get();
    }

    private void level(KeyRef ref, Merged merged) {
        try {
            Head head = merged.newest();
            Version scanned = head == null ? Version.NONE : head.version();
            long deadline = time.nanos() + parts.config().callTimeout().toNanos();
            parts.inFlight().awaitSettled(ref, scanned, deadline);
            // Before the look: a hint that is gone by then is at its provider.
            Record waiting = overlay.newest(ref);
            Map<Member, Lookup> now = lookAgain(ref);
            Record newest = newest(now);
            if (waiting != null && (newest == null || waiting.version().newerThan(newest.version()))) {
                // What one provider has lost another one may be yet to be given.
                repair(ref, waiting, lacking(now, waiting));
                return;
            }
            if (newest == null || onlyOlder(newest, scanned, merged)) {
                if (!merged.damaged().isEmpty()) {
                    LOG.error("a key of namespace {} has only damaged bytes, at {}", ref.namespace(), merged.damaged());
                }
                return;
            }
            if (resurrected(now, newest)) {
                bury(ref, newest, now);
                return;
            }
            List<Member> lacking = lacking(now, newest);
            if (lacking.isEmpty()) {
                return;
            }
            tally.divergent(ref.namespace());
            if (!tooManyDeletes(newest, now, merged) && repair(ref, newest, lacking)) {
                tally.repaired(ref.namespace());
            }
        } catch (InterruptedException e) {
            sound.set(false);
            Thread.currentThread().interrupt();
        } catch (LocalStoreFault fault) {
            LOG.error("a comparison stops, since this node's disk fails: {}", fault.getMessage());
            sound.set(false);
        }
    }

    /** What is damaged is newer than all that is whole: an older record must not take its place (promise P4). */
    private boolean onlyOlder(Record newest, Version scanned, Merged merged) {
        return !merged.damaged().isEmpty()
                && scanned.newerThan(newest.version())
                && !parts.quarantine().concerns(scanned);
    }

    /** What each provider holds now; one with damaged bytes holds nothing. */
    private Map<Member, Lookup> lookAgain(KeyRef ref) throws InterruptedException {
        Map<Member, Lookup> now = new LinkedHashMap<>();
        Question<Lookup> question = look(ref, compared);
        for (Member member : compared) {
            switch (question.outcome(member)) {
                case Outcome.Answered<Lookup>(Lookup lookup) -> now.put(member, withoutTheFuture(member, ref, lookup));
                case Outcome.Faulted<Lookup>(ProviderFault fault)
                when fault.kind() == FaultKind.CORRUPT -> {
                    counters.damaged.increment();
                    member.evidence.contradicted("it holds a damaged record");
                    now.put(member, new Lookup.Missing(Version.NONE));
                }
                case Outcome.Faulted<Lookup> fault -> sound.set(false);
                case null -> sound.set(false);
            }
        }
        return now;
    }

    private Question<Lookup> look(KeyRef ref, List<Member> asked) throws InterruptedException {
        Question<Lookup> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : asked) {
            question.ask(member, provider -> provider.get(ref.namespace(), ref.key()));
        }
        question.await(time.nanos() + parts.config().callTimeout().toNanos(), question::allIn);
        question.close();
        return question;
    }

    private Lookup withoutTheFuture(Member member, KeyRef ref, Lookup lookup) {
        if (lookup instanceof Lookup.Missing(Version floor)
                && parts.quarantine().concerns(floor)) {
            return new Lookup.Missing(Version.NONE);
        }
        if (!(lookup instanceof Lookup.Present(Record record))
                || !parts.quarantine().concerns(record.version())) {
            return lookup;
        }
        try {
            parts.quarantine().setAside(member, ref);
        } catch (ProviderFault fault) {
            members.faulted(member, CallKind.READ, fault);
            sound.set(false);
        } catch (LocalStoreFault fault) {
            sound.set(false);
        }
        return new Lookup.Missing(Version.NONE);
    }

    private static @Nullable Record newest(Map<Member, Lookup> now) {
        Record newest = null;
        for (Lookup lookup : now.values()) {
            if (lookup instanceof Lookup.Present(Record record)) {
                newest = newest == null ? record : Record.merge(newest, record);
            }
        }
        return newest;
    }

    private List<Member> lacking(Map<Member, Lookup> now, Record newest) {
        List<Member> lacking = new ArrayList<>();
        now.forEach((member, lookup) -> {
            boolean lacks = lookup instanceof Lookup.Present(Record record)
                    ? !record.equals(newest)
                    : lookup.sighting().lacks(newest, time.wallMillis());
            if (lacks) {
                lacking.add(member);
            }
        });
        return lacking;
    }

    /**
     * A single provider that claims that most keys were deleted is more likely broken than right (DESIGN rule 6), unless the hints
     * that told the other one of the deletes are known to be lost.
     */
    private synchronized boolean tooManyDeletes(Record newest, Map<Member, Lookup> now, Merged merged) {
        boolean kills = newest.tombstone()
                && now.entrySet().stream()
                        .anyMatch(entry -> entry.getValue() instanceof Lookup.Present(Record record)
                                && record.alive(time.wallMillis())
                                && !parts.marks().owed(entry.getKey()));
        if (!kills) {
            return false;
        }
        spreadDeletes++;
        double allowed = Math.max(MASS_DELETE_LEAST, keys * parts.config().massDeleteShare());
        if (spreadDeletes > allowed && !massDelete) {
            massDelete = true;
            LOG.error(
                    "a comparison stops: {} of the {} keys compared would be deleted because one provider says so, the"
                            + " last one {}",
                    spreadDeletes,
                    keys,
                    merged.key());
        }
        if (massDelete) {
            sound.set(false);
        }
        return massDelete;
    }

    /**
     * Whether only places that went back in time hold the record, and one whose word counts has collected its deletion: then it is
     * not lost there but deleted, and must not come back (DESIGN rule 5).
     */
    private static boolean resurrected(Map<Member, Lookup> now, Record newest) {
        boolean collected = false;
        for (Map.Entry<Member, Lookup> entry : now.entrySet()) {
            switch (entry.getValue()) {
                case Lookup.Present(Record record) -> {
                    if (record.equals(newest) && !entry.getKey().health.blank()) {
                        return false;
                    }
                }
                case Lookup.Missing(Version floor) ->
                    collected |= entry.getKey().health.wordCounts()
                            && !newest.version().newerThan(floor);
            }
        }
        return collected;
    }

    private void bury(KeyRef ref, Record newest, Map<Member, Lookup> now) {
        tally.divergent(ref.namespace());
        boolean buried = true;
        Exact exact = new Exact(ref.key(), newest.version());
        for (Map.Entry<Member, Lookup> entry : now.entrySet()) {
            if (entry.getValue() instanceof Lookup.Present) {
                Member member = entry.getKey();
                try {
                    member.call(provider -> provider.collect(ref.namespace(), List.of(exact)));
                } catch (ProviderFault fault) {
                    members.faulted(member, CallKind.WRITE, fault);
                    sound.set(false);
                    buried = false;
                }
            }
        }
        if (buried) {
            tally.repaired(ref.namespace());
        }
    }

    /** @return whether all of them hold it now */
    private boolean repair(KeyRef ref, Record newest, List<Member> lacking)
            throws LocalStoreFault, InterruptedException {
        boolean news = false;
        try (var _ = parts.feed().changing()) {
            for (Member member : lacking) {
                news |= !member.health.blank();
                try {
                    member.call(provider -> provider.restore(ref.namespace(), ref.key(), newest));
                } catch (ProviderFault fault) {
                    members.faulted(member, CallKind.WRITE, fault);
                    sound.set(false);
                }
            }
            if (news) {
                publish(ref, newest);
            }
        }
        boolean all = true;
        Question<Lookup> kept = look(ref, lacking);
        for (Member member : lacking) {
            if (kept.answer(member) instanceof Lookup.Present(Record record)
                    && record.version().compareTo(newest.version()) >= 0) {
                counters.repairs.increment();
            } else {
                all = false;
                sound.set(false);
                if (kept.answer(member) != null) {
                    String lie = "it acknowledged a repair and did not keep it";
                    member.evidence.contradicted(lie);
                    members.lied(member, lie);
                }
            }
        }
        return all;
    }

    private void publish(KeyRef ref, Record restored) throws LocalStoreFault {
        try (FeedEntry entry = parts.feed().begin(ref, restored)) {
            Batch published = new Batch();
            parts.feed().append(published, entry);
            local.commit(published);
            entry.stands();
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes keys equal that some provider lacks, a batch of them at a time: waits for the writes under way, looks again, repairs, and looks once
 * more, since a provider that acknowledges and does not keep must not pass. It never deletes for an absence; only tombstones spread.
 * Thread-safe.
 */
final class Levelling {
    private static final Logger LOG = LoggerFactory.getLogger(Levelling.class);
    /** A batch may take as long as so many of its keys would one after the other. */
    private static final int SIDE_BY_SIDE = 16;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final LocalStore local;
    private final Counters counters;
    private final Overlay overlay;
    private final List<Member> compared;
    private final Tally tally;
    private final MassDeletes deletes;
    private final AtomicBoolean sound;

    Levelling(Parts parts, List<Member> compared, Tally tally, MassDeletes deletes) {
        this(parts, compared, tally, deletes, new AtomicBoolean(true));
    }

    private Levelling(Parts parts, List<Member> compared, Tally tally, MassDeletes deletes, AtomicBoolean sound) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.local = parts.local();
        this.counters = parts.counters();
        this.overlay = new Overlay(parts.hints(), parts.members(), parts.counters());
        this.compared = compared;
        this.tally = tally;
        this.deletes = deletes;
        this.sound = sound;
    }

    /** The same over some of the providers: what spoils one of the two spoils the other. */
    Levelling among(List<Member> some) {
        return new Levelling(parts, some, tally, deletes, sound);
    }

    /** A record that some lack. */
    private record Repair(KeyRef ref, Record newest, List<Member> lacking, boolean divergent) {}

    /** Whether all that was asked has been answered, and all that differed has been made equal. */
    boolean sound() {
        return sound.get();
    }

    /** It is not sound, for something that has happened elsewhere. */
    void spoil() {
        sound.set(false);
    }

    /** Levels keys of one namespace, in rising order, given what was seen of them. */
    void level(NamespaceId namespace, List<Merged> batch) {
        try {
            long deadline = time.nanos() + parts.config().callTimeout().toNanos();
            // Before the look: a hint that is gone by then is at its provider.
            Map<Key, Record> waiting = new HashMap<>();
            for (Merged merged : batch) {
                KeyRef ref = new KeyRef(namespace, merged.key());
                parts.inFlight().awaitSettled(ref, scanned(merged), deadline);
                Record hint = overlay.newest(ref);
                if (hint != null) {
                    waiting.put(merged.key(), hint);
                }
            }
            List<Key> keys = batch.stream().map(Merged::key).toList();
            Map<Key, Map<Member, Lookup>> now = lookAgain(namespace, keys);
            List<Repair> repairs = new ArrayList<>();
            for (Merged merged : batch) {
                Key key = merged.key();
                KeyRef ref = new KeyRef(namespace, key);
                Repair repair = repairOf(ref, merged, now.getOrDefault(key, Map.of()), waiting.get(key));
                if (repair != null) {
                    repairs.add(repair);
                }
            }
            if (!repairs.isEmpty()) {
                repair(namespace, repairs);
            }
        } catch (InterruptedException e) {
            sound.set(false);
            Thread.currentThread().interrupt();
        } catch (LocalStoreFault fault) {
            LOG.error("a comparison stops, since this node's disk fails: {}", fault.getMessage());
            sound.set(false);
        }
    }

    private static Version scanned(Merged merged) {
        Head head = merged.newest();
        return head == null ? Version.NONE : head.version();
    }

    /** What is to be done about a key; null for nothing. */
    private @Nullable Repair repairOf(KeyRef ref, Merged merged, Map<Member, Lookup> now, @Nullable Record waiting) {
        Record newest = newest(now);
        if (waiting != null && (newest == null || waiting.version().newerThan(newest.version()))) {
            // What one provider has lost another one may be yet to be given.
            return new Repair(ref, waiting, lacking(now, waiting), false);
        }
        if (newest == null || onlyOlder(newest, scanned(merged), merged)) {
            if (!merged.damaged().isEmpty()) {
                LOG.error("a key of namespace {} has only damaged bytes, at {}", ref.namespace(), merged.damaged());
            }
            return null;
        }
        if (resurrected(now, newest)) {
            bury(ref, newest, now);
            return null;
        }
        List<Member> lacking = lacking(now, newest);
        if (lacking.isEmpty()) {
            return null;
        }
        tally.divergent(ref.namespace());
        if (deletes.forbid(ref.key(), newest, now)) {
            sound.set(false);
            return null;
        }
        return new Repair(ref, newest, lacking, true);
    }

    /** What is damaged is newer than all that is whole: an older record must not take its place (promise P4). */
    private boolean onlyOlder(Record newest, Version scanned, Merged merged) {
        return !merged.damaged().isEmpty()
                && scanned.newerThan(newest.version())
                && !parts.quarantine().concerns(scanned);
    }

    /** What each provider holds now of each key; one with damaged bytes holds nothing. */
    private Map<Key, Map<Member, Lookup>> lookAgain(NamespaceId namespace, List<Key> keys) throws InterruptedException {
        Question<Map<Key, Lookup>> question = new Question<>(time, members, CallKind.SCAN, calls(keys.size()));
        for (Member member : compared) {
            question.ask(member, member.forKeys(keys.size(), provider -> provider.getAll(namespace, keys)));
        }
        question.await(time.nanos() + parts.config().callTimeout().toNanos(), question::allIn);
        question.close();
        Map<Key, Map<Member, Lookup>> now = new HashMap<>();
        for (Member member : compared) {
            Map<Key, Lookup> found = question.answer(member);
            if (found == null) {
                sound.set(false);
                continue;
            }
            for (Key key : keys) {
                now.computeIfAbsent(key, k -> new LinkedHashMap<>())
                        .put(member, believed(member, new KeyRef(namespace, key), found.get(key)));
            }
        }
        return now;
    }

    private static int calls(int keys) {
        return 1 + keys / SIDE_BY_SIDE;
    }

    /** @param lookup null for a damaged record */
    private Lookup believed(Member member, KeyRef ref, @Nullable Lookup lookup) {
        if (lookup == null) {
            counters.damaged.increment();
            member.evidence.contradicted("it holds a damaged record");
            return new Lookup.Missing(Version.NONE);
        }
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

    private void repair(NamespaceId namespace, List<Repair> repairs) throws LocalStoreFault, InterruptedException {
        Map<Member, SortedMap<Key, Record>> missing = new LinkedHashMap<>();
        List<Repair> news = new ArrayList<>();
        for (Repair repair : repairs) {
            for (Member member : repair.lacking) {
                missing.computeIfAbsent(member, m -> new TreeMap<>()).put(repair.ref.key(), repair.newest);
            }
            if (repair.lacking.stream().anyMatch(member -> !member.health.blank())) {
                news.add(repair);
            }
        }
        try (var _ = parts.feed().changing()) {
            restore(namespace, missing);
            // The log of changes lies on this node's disk, and so would key and value.
            if (!news.isEmpty() && parts.residency().here(namespace)) {
                publish(news);
            }
        }
        Map<Member, List<Key>> without = look(namespace, missing);
        for (Repair repair : repairs) {
            boolean all = true;
            for (Member member : repair.lacking) {
                boolean holds = !without.getOrDefault(member, List.of()).contains(repair.ref.key());
                all &= holds;
                if (holds) {
                    counters.repairs.increment();
                }
            }
            if (all && repair.divergent) {
                tally.repaired(namespace);
            }
        }
    }

    /** Gives each what it lacks, all of them side by side. */
    private void restore(NamespaceId namespace, Map<Member, SortedMap<Key, Record>> missing)
            throws InterruptedException {
        Crew crew = new Crew(time, "restore", Math.max(1, missing.size()));
        try {
            for (Map.Entry<Member, SortedMap<Key, Record>> each : missing.entrySet()) {
                crew.does(() -> restore(namespace, each.getKey(), each.getValue()));
            }
        } finally {
            crew.finish();
        }
    }

    private void restore(NamespaceId namespace, Member member, SortedMap<Key, Record> records) {
        try {
            member.call(member.forKeys(records.size(), provider -> provider.putAll(namespace, records, true)));
        } catch (ProviderFault fault) {
            members.faulted(member, CallKind.WRITE, fault);
            sound.set(false);
        }
    }

    /** Which of them each still lacks. */
    private Map<Member, List<Key>> look(NamespaceId namespace, Map<Member, SortedMap<Key, Record>> missing)
            throws InterruptedException {
        int most = missing.values().stream().mapToInt(Map::size).max().orElse(0);
        Question<Page> question = new Question<>(time, members, CallKind.SCAN, calls(most));
        missing.forEach((member, records) -> {
            List<Key> keys = List.copyOf(records.keySet());
            question.ask(member, member.forKeys(keys.size(), provider -> provider.rows(namespace, keys)));
        });
        question.await(time.nanos() + parts.config().callTimeout().toNanos(), question::allIn);
        question.close();
        Map<Member, List<Key>> without = new HashMap<>();
        missing.forEach((member, records) -> {
            Page page = question.answer(member);
            List<Key> lost = lost(page, records);
            if (!lost.isEmpty()) {
                without.put(member, lost);
                sound.set(false);
                if (page != null) {
                    String lie = "it acknowledged a repair and did not keep it";
                    member.evidence.contradicted(lie);
                    members.lied(member, lie);
                }
            }
        });
        return without;
    }

    /** Those of the records that a page of their keys does not show, neither them nor anything newer. */
    private static List<Key> lost(@Nullable Page page, SortedMap<Key, Record> records) {
        Map<Key, Head> held = new HashMap<>();
        if (page != null) {
            for (Row row : page.rows()) {
                held.put(row.key(), row.head());
            }
        }
        List<Key> lost = new ArrayList<>();
        records.forEach((key, record) -> {
            Head head = held.get(key);
            if (head == null || record.version().newerThan(head.version())) {
                lost.add(key);
            }
        });
        return lost;
    }

    private void publish(List<Repair> news) throws LocalStoreFault {
        List<FeedEntry> entries = new ArrayList<>();
        try {
            Batch published = new Batch();
            for (Repair repair : news) {
                FeedEntry entry = parts.feed().begin(repair.ref, repair.newest);
                entries.add(entry);
                parts.feed().append(published, entry);
            }
            local.commit(published);
            entries.forEach(FeedEntry::stands);
        } finally {
            entries.forEach(FeedEntry::close);
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the store's records on nodes from every provider that answers, the newest of each. Not by way of {@link Reads}: how far an
 * answer of theirs can be trusted follows from these very records, and of a mark one provider lacks by design what another one has.
 *
 * <p>Thread-safe.
 */
final class RegistryScan {
    private static final int PAGE = 1000;

    private final Time time;
    private final Members members;
    private final long patienceNanos;
    private final Map<Key, Record> before = new ConcurrentHashMap<>();

    RegistryScan(Parts parts) {
        this.time = parts.time();
        this.members = parts.members();
        this.patienceNanos = parts.config().readTimeout().toNanos() / 10;
    }

    /** As the other one, when deleted records are of no interest. */
    boolean each(byte[] prefix, BiConsumer<Key, Record> take) throws InterruptedException {
        return each(prefix, take, (key, version) -> {});
    }

    /**
     * Hands over every live record whose key begins with {@code prefix}.
     *
     * @param deleted is given those that were deleted, and when
     * @return whether a provider whose word counts has given all it has, and no record of another one was out of reach
     */
    boolean each(byte[] prefix, BiConsumer<Key, Record> take, BiConsumer<Key, Version> deleted)
            throws InterruptedException {
        // What lies at a place that was wiped or restored may have been taken back since.
        List<Member> asked =
                members.where(health -> health.state() != ProviderState.DOWN && !health.blank() && !health.putBack());
        if (asked.stream().noneMatch(member -> member.health.wordCounts())) {
            asked = members.where(health -> health.state() != ProviderState.DOWN);
        }
        List<Member> vouching =
                asked.stream().filter(member -> member.health.wordCounts()).toList();
        MergedScan scan = new MergedScan(time, members, asked, NamespaceId.SYSTEM, prefix, null, PAGE, patienceNanos);
        boolean whole = all(scan, take, deleted);
        return whole && scan.in().stream().anyMatch(member -> vouching.contains(member) && member.health.wordCounts());
    }

    /** As {@link SystemRecords#eachHeld}. */
    boolean eachHeld(byte[] prefix, BiConsumer<Key, Record> take) throws InterruptedException {
        List<Member> all = members.all();
        if (all.stream().anyMatch(member -> member.health.state() == ProviderState.DOWN || member.health.blank())) {
            return false;
        }
        Map<Member, Long> doubts = new HashMap<>();
        all.forEach(member -> doubts.put(member, member.health.doubts()));
        MergedScan scan = new MergedScan(time, members, all, NamespaceId.SYSTEM, prefix, null, PAGE, patienceNanos);
        boolean whole = all(scan, take, (key, version) -> {});
        return whole
                && scan.failed().isEmpty()
                && all.equals(members.all())
                && all.stream()
                        .allMatch(member -> !member.health.blank()
                                && !member.health.putBack()
                                && Long.valueOf(member.health.doubts()).equals(doubts.get(member)));
    }

    /** @return whether every record that was seen could be had */
    private boolean all(MergedScan scan, BiConsumer<Key, Record> take, BiConsumer<Key, Version> deleted)
            throws InterruptedException {
        boolean whole = true;
        for (Merged next = scan.next(); next != null; next = scan.next()) {
            Head newest = next.newest();
            if (newest != null && newest.tombstone()) {
                deleted.accept(next.key(), newest.version());
                continue;
            }
            Record record = newest == null ? null : record(next, newest);
            if (record == null) {
                whole = false;
            } else {
                take.accept(next.key(), record);
            }
        }
        return whole;
    }

    private @Nullable Record record(Merged merged, Head newest) throws InterruptedException {
        Record known = before.get(merged.key());
        if (known != null && known.version().equals(newest.version())) {
            return known;
        }
        for (Map.Entry<Member, Head> holder : merged.heads().entrySet()) {
            if (!holder.getValue().version().equals(newest.version())) {
                continue;
            }
            Question<Lookup> question = new Question<>(time, members, CallKind.READ);
            question.ask(holder.getKey(), provider -> provider.get(NamespaceId.SYSTEM, merged.key()));
            question.await(time.nanos() + patienceNanos, question::allIn);
            question.close();
            if (question.answer(holder.getKey()) instanceof Lookup.Present(Record record) && !record.tombstone()) {
                before.put(merged.key(), record);
                return record;
            }
        }
        return null;
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.LocalStore.Entry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Listing over several providers: their scans merged with one another and with the hint log, the newest version of each key
 * deciding. Deleted and expired keys never shorten a page. Thread-safe.
 */
final class Listings {
    /** A scan is much work to ask for again and again. */
    private static final long MAX_PAUSE_NANOS = 256_000_000;

    private final Time time;
    private final Members members;
    private final PeerView peers;
    private final Presence presence;
    private final HintLog hints;
    private final long timeoutNanos;

    Listings(Parts parts) {
        this.time = parts.time();
        this.members = parts.members();
        this.peers = parts.peers();
        this.presence = parts.presence();
        this.hints = parts.hints();
        this.timeoutNanos = parts.config().readTimeout().toNanos();
    }

    Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws InterruptedException {
        Retry retry = new Retry(time, members, timeoutNanos, MAX_PAUSE_NANOS);
        while (true) {
            List<Member> panel = members.readable();
            Listing listing = null;
            try {
                listing = panel.isEmpty() ? null : list(panel, namespace, prefix, after, limit, retry.deadline());
            } catch (LocalStoreFault fault) {
                return new Listing.Unavailable(
                        new Refusal(Reason.LOCAL_DISK_FAILED, "The hint log cannot be read: " + fault.getMessage()));
            }
            if (listing != null) {
                return listing;
            }
            boolean lastResort = !retry.somebodyReturns() && members.readable().equals(panel);
            if (lastResort || retry.over()) {
                return unreachable(panel);
            }
            retry.pause();
        }
    }

    /** Null when nobody of the panel was left. */
    private @Nullable Listing list(
            List<Member> panel, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit, long deadline)
            throws InterruptedException, LocalStoreFault {
        int pageSize = Math.clamp(limit + 1L, 16, 1024);
        // While another provider answers, one that does not is not waited for longer than a page may take in health.
        long patience = panel.size() > 1 ? 2 * members.deadlineNanos(panel.getFirst(), CallKind.SCAN) : timeoutNanos;
        List<Listed> found = new ArrayList<>();
        Key position = after;
        while (true) {
            // The hints first: one that is gone by the time of the scan is already at its provider.
            Hinted hinted = hinted(namespace, prefix, position, pageSize);
            long left = Math.min(patience, deadline - time.nanos());
            MergedScan scan = new MergedScan(time, members, panel, namespace, prefix, position, pageSize, left);
            boolean full = merge(scan, hinted, found, limit);
            if (scan.in().isEmpty()) {
                return null;
            }
            if (full) {
                return new Listing.Keys(found, found.getLast().key(), vouched(scan));
            }
            if (hinted.upTo == null) {
                return new Listing.Keys(found, null, vouched(scan));
            }
            position = hinted.upTo;
        }
    }

    /**
     * Adds the live keys of both in order, as far as the hints are known.
     *
     * @return whether there is a key more than {@code limit}
     */
    private boolean merge(MergedScan scan, Hinted hinted, List<Listed> found, int limit) throws InterruptedException {
        NavigableMap<Key, Head> waiting = hinted.heads;
        Merged next = scan.next();
        while (next != null || !waiting.isEmpty()) {
            Key key = next == null ? waiting.firstKey() : next.key();
            if (!waiting.isEmpty() && waiting.firstKey().compareTo(key) < 0) {
                key = waiting.firstKey();
            }
            if (hinted.upTo != null && key.compareTo(hinted.upTo) > 0) {
                return false;
            }
            Head head = waiting.remove(key);
            if (next != null && next.key().equals(key)) {
                Head stored = next.newest();
                boolean newer =
                        stored != null && (head == null || stored.version().newerThan(head.version()));
                head = newer ? stored : head;
                next = scan.next();
            }
            if (head != null && head.alive(time.wallMillis())) {
                if (found.size() == limit) {
                    return true;
                }
                found.add(new Listed(key, head));
            }
        }
        return false;
    }

    private Listing unreachable(List<Member> panel) {
        String sentence = panel.isEmpty()
                ? "None of the " + members.all().size() + " providers can be read now. Try again later."
                : "No provider finished the scan; asked were " + panel + ". Try again.";
        return new Listing.Unavailable(new Refusal(Reason.NO_PROVIDER, sentence));
    }

    private boolean vouched(MergedScan scan) throws InterruptedException, LocalStoreFault {
        // One that was not waited for may hold what the others do not.
        return scan.failed().stream().noneMatch(member -> member.health.wordCounts())
                && scan.in().stream().anyMatch(member -> member.health.wordCounts())
                && peers.knowAll(scan.in())
                && (scan.in().size() > 1 || presence.stillHeldBy(scan.in().getFirst()));
    }

    /**
     * Keys of a namespace that wait in the hint log for some provider.
     *
     * @param upTo the last key up to which they are all here; null for the end
     */
    private record Hinted(
            NavigableMap<Key, Head> heads, @Nullable Key upTo) {}

    private Hinted hinted(NamespaceId namespace, byte[] prefix, @Nullable Key after, int pageSize)
            throws LocalStoreFault {
        byte[] from = prefix;
        if (after != null && Arrays.compareUnsigned(after.bytes(), prefix) >= 0) {
            from = Arrays.copyOf(after.bytes(), after.bytes().length + 1);
        }
        NavigableMap<Key, Head> heads = new TreeMap<>();
        Key upTo = null;
        for (Member member : members.all()) {
            if (hints.depth(member) == 0) {
                continue;
            }
            List<Entry> entries = hints.scan(member, namespace, from, pageSize);
            for (Entry entry : entries) {
                Key key = Key.of(entry.key());
                if (key.startsWith(prefix)) {
                    Head head = head(namespace, key, entry);
                    heads.merge(key, head, (a, b) -> a.version().newerThan(b.version()) ? a : b);
                }
            }
            Key last = entries.size() == pageSize ? Key.of(entries.getLast().key()) : null;
            // Beyond the prefix nothing more is wanted.
            if (last != null && last.startsWith(prefix)) {
                upTo = upTo == null || last.compareTo(upTo) < 0 ? last : upTo;
            }
        }
        if (upTo != null) {
            heads.tailMap(upTo, false).clear();
        }
        return new Hinted(heads, upTo);
    }

    /** A damaged hint may stand for a key that nobody else knows, so without it there is no listing. */
    private static Head head(NamespaceId namespace, Key key, Entry entry) throws LocalStoreFault {
        try {
            return RecordFormat.head(namespace, key, entry.value());
        } catch (DamagedRecord e) {
            throw new LocalStoreFault("a hint is damaged: " + e.getMessage(), false, e);
        }
    }
}

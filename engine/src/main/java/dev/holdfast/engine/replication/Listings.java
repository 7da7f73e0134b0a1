package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Listing over several providers: their scans merged with one another and with the hint log, the newest version of each key
 * deciding. Deleted and expired keys never shorten a page. Thread-safe.
 */
final class Listings {
    /** A scan is much work to ask for again and again. */
    private static final long MAX_PAUSE_NANOS = 256_000_000;
    /** How many keys of a listing are read one by one, because this node knows of newer versions than were scanned. */
    private static final int MOST_REREAD = 64;

    private final Time time;
    private final Members members;
    private final PeerView peers;
    private final Presence presence;
    private final HintLog hints;
    private final KnownVersions known;
    private final Reads reads;
    private final long timeoutNanos;
    /** How long one thing that the listing needs may take, if that could be lost on its way: there is time for others then. */
    private final long onceNanos;

    Listings(Parts parts, Reads reads) {
        this.time = parts.time();
        this.members = parts.members();
        this.peers = parts.peers();
        this.presence = parts.presence();
        this.hints = parts.hints();
        this.known = parts.known();
        this.reads = reads;
        this.timeoutNanos = parts.config().readTimeout().toNanos();
        this.onceNanos = timeoutNanos / 4;
    }

    Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws InterruptedException {
        if (Request.now().over(time.nanos())) {
            return new Listing.Unavailable(Request.overdue());
        }
        Circle circle = members.of(namespace);
        Retry retry = new Retry(time, members, circle, timeoutNanos, MAX_PAUSE_NANOS);
        // What was found last, for when a later try finds nobody in the time that is left.
        Found found = null;
        while (true) {
            List<Member> panel = circle.panel();
            try {
                Found now = panel.isEmpty() ? null : list(panel, namespace, prefix, after, limit, retry.deadline());
                found = now == null ? found : now;
            } catch (LocalStoreFault fault) {
                return new Listing.Unavailable(
                        new Refusal(Reason.LOCAL_DISK_FAILED, "The hint log cannot be read: " + fault.getMessage()));
            }
            if (found != null && found.whole()) {
                return found.listing();
            }
            boolean lastResort = !retry.somebodyReturns() && circle.readable().equals(panel);
            if (lastResort || retry.over() || !retry.pause(false)) {
                if (found == null && Request.now().over(time.nanos())) {
                    return new Listing.Unavailable(Request.overdue());
                }
                return found == null ? unreachable(circle, panel) : found.listing();
            }
        }
    }

    /** Null when nobody of the panel was left. */
    private @Nullable Found list(
            List<Member> panel, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit, long deadline)
            throws InterruptedException, LocalStoreFault {
        int pageSize = Math.clamp(limit + 1L, 16, 1024);
        // While another provider answers, one that does not is not waited for longer than a page may take in health.
        long health = 2 * members.deadlineNanos(panel.getFirst(), CallKind.SCAN);
        long patience = panel.size() > 1 ? health : timeoutNanos;
        Found found = new Found(namespace, limit);
        Key position = after;
        while (true) {
            // The hints first: one that is gone by the time of the scan is already at its provider.
            Hinted hinted = hinted(namespace, prefix, position, pageSize);
            long left = Math.min(patience, deadline - time.nanos());
            List<Health.Word> words =
                    panel.stream().map(member -> member.health.word()).toList();
            MergedScan scan = new MergedScan(time, members, panel, namespace, prefix, position, pageSize, left);
            boolean full = merge(scan, hinted, found);
            if (scan.in().isEmpty()) {
                return null;
            }
            found.from(scan, panel, words, Math.min(deadline, time.nanos() + onceNanos));
            if (full) {
                found.next = found.keys.getLast().key();
            }
            if (full || hinted.upTo == null) {
                return found;
            }
            position = hinted.upTo;
        }
    }

    /** What has been found so far. */
    private final class Found {
        final List<Listed> keys = new ArrayList<>();
        private final NamespaceId namespace;
        private final int limit;
        private final Set<Member> leftOut = new LinkedHashSet<>();
        private int reread;
        private boolean unsure;
        private @Nullable Key next;

        Found(NamespaceId namespace, int limit) {
            this.namespace = namespace;
            this.limit = limit;
        }

        /** @return whether there is one more than wanted */
        boolean add(Key key, @Nullable Head scanned) throws InterruptedException {
            KeyRef ref = new KeyRef(namespace, key);
            boolean old = scanned == null || known.get(ref).newerThan(scanned.version());
            Head head = old ? read(ref) : scanned;
            if (head == null || !head.alive(time.wallMillis())) {
                return false;
            }
            if (keys.size() == limit) {
                return true;
            }
            keys.add(new Listed(key, head));
            return false;
        }

        /** A provider has lost it, or it was written during the scan: the read finds out which. */
        private @Nullable Head read(KeyRef ref) throws InterruptedException {
            Store.Answer answer = ++reread > MOST_REREAD ? null : reads.get(ref, Store.ReadMode.CONFIRMED);
            return switch (answer) {
                case Store.Answer.Found(Record record, Store.Freshness freshness) -> {
                    unsure |= !freshness.confirmed();
                    yield RecordFormat.headOf(ref.namespace(), ref.key(), record);
                }
                case Store.Answer.Missing(var _, Store.Freshness freshness) -> {
                    unsure |= !freshness.confirmed();
                    yield null;
                }
                case Store.Answer.Unavailable unavailable -> nobodyKnows();
                case null -> nobodyKnows();
            };
        }

        private @Nullable Head nobodyKnows() {
            unsure = true;
            return null;
        }

        /** @param words of the panel before it was asked */
        void from(MergedScan scan, List<Member> panel, List<Health.Word> words, long deadline)
                throws InterruptedException, LocalStoreFault {
            leftOut.addAll(scan.failed());
            List<Member> in = scan.in();
            unsure |= in.stream().noneMatch(member -> member.health.stillCounts(words.get(panel.indexOf(member))))
                    || !peers.knowAll(in, members.of(namespace).all().size())
                    || (in.size() == 1 && !presence.stillHeldBy(in.getFirst(), deadline));
        }

        /** One that was not waited for may hold what the others do not, as long as nobody has given it up. */
        boolean lacksSomebody() {
            return leftOut.stream().anyMatch(member -> member.health.wordCounts());
        }

        /** Whether it can be vouched for. */
        boolean whole() {
            return !unsure && !lacksSomebody();
        }

        Listing listing() {
            return new Listing.Keys(keys, next, whole());
        }
    }

    /**
     * Adds the live keys of both in order, as far as the hints are known.
     *
     * @return whether there is one more than wanted
     */
    private boolean merge(MergedScan scan, Hinted hinted, Found found) throws InterruptedException {
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
            if (found.add(key, head)) {
                return true;
            }
        }
        return false;
    }

    private static Listing unreachable(Circle circle, List<Member> panel) {
        if (circle.all().isEmpty()) {
            return new Listing.Unavailable(Outside.nowhere());
        }
        String sentence = panel.isEmpty()
                ? "None of the " + circle.all().size() + " providers can be read now. Try again later."
                : "No provider finished the scan; asked were " + panel + ". Try again.";
        return new Listing.Unavailable(new Refusal(Reason.NO_PROVIDER, sentence));
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
        for (Member member : members.of(namespace).all()) {
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

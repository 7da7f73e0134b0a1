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
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Listing over several providers: their scans merged with one another and with the hint log, the newest version of each key
 * deciding. Deleted and expired keys never shorten a page. Thread-safe.
 */
final class Listings {
    private final Time time;
    private final Members members;
    private final HintLog hints;
    private final long timeoutNanos;

    Listings(Parts parts) {
        this.time = parts.time();
        this.members = parts.members();
        this.hints = parts.hints();
        this.timeoutNanos = parts.config().readTimeout().toNanos();
    }

    Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws InterruptedException {
        while (true) {
            List<Member> panel = panel();
            if (panel.isEmpty()) {
                return new Listing.Unavailable(new Refusal(
                        Reason.NO_PROVIDER,
                        "None of the " + members.all().size() + " providers can be read now. Try again later."));
            }
            try {
                Listing listing = list(panel, namespace, prefix, after, limit);
                if (listing != null) {
                    return listing;
                }
            } catch (LocalStoreFault fault) {
                return new Listing.Unavailable(
                        new Refusal(Reason.LOCAL_DISK_FAILED, "The hint log cannot be read: " + fault.getMessage()));
            }
        }
    }

    private List<Member> panel() {
        List<Member> panel = members.where(Health::current);
        return panel.isEmpty() ? members.where(h -> h.state() != ProviderState.DOWN) : panel;
    }

    /** Null when nobody of the panel was left and another panel may do. */
    private @Nullable Listing list(
            List<Member> panel, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit)
            throws InterruptedException, LocalStoreFault {
        int pageSize = Math.clamp(limit + 1L, 16, 1024);
        // While another provider answers, one that does not is not waited for longer than a page may take in health.
        long patience = panel.size() > 1 ? 2 * members.deadlineNanos(panel.getFirst(), CallKind.SCAN) : timeoutNanos;
        MergedScan scan = new MergedScan(time, members, panel, namespace, prefix, after, pageSize, patience);
        HintCursor overlay = new HintCursor(namespace, prefix, after, pageSize);
        List<Listed> found = new ArrayList<>();
        Merged next = scan.next();
        while (true) {
            if (scan.in().isEmpty()) {
                return members.where(h -> h.state() != ProviderState.DOWN).isEmpty()
                                || !scan.failed().isEmpty()
                        ? unreachable(panel)
                        : null;
            }
            Map.Entry<Key, Head> hinted = overlay.peek();
            if (next == null && hinted == null) {
                return new Listing.Keys(found, null, vouched(scan));
            }
            Key key = next == null || (hinted != null && hinted.getKey().compareTo(next.key()) < 0)
                    ? Objects.requireNonNull(hinted).getKey()
                    : next.key();
            Head head = null;
            if (next != null && next.key().equals(key)) {
                head = next.newest();
                next = scan.next();
            }
            if (hinted != null && hinted.getKey().equals(key)) {
                head = head == null || hinted.getValue().version().newerThan(head.version()) ? hinted.getValue() : head;
                overlay.pop();
            }
            if (head != null && head.alive(time.wallMillis())) {
                if (found.size() == limit) {
                    return new Listing.Keys(found, found.getLast().key(), vouched(scan));
                }
                found.add(new Listed(key, head));
            }
        }
    }

    private static Listing unreachable(List<Member> panel) {
        return new Listing.Unavailable(
                new Refusal(Reason.NO_PROVIDER, "No provider finished the scan; asked were " + panel + ". Try again."));
    }

    private static boolean vouched(MergedScan scan) {
        return scan.in().stream().anyMatch(member -> member.health.wordCounts());
    }

    /** The keys of a namespace that wait in the hint log for any provider, in order. */
    private final class HintCursor {
        private final NamespaceId namespace;
        private final byte[] prefix;
        private final int pageSize;
        private final NavigableMap<Key, Head> page = new TreeMap<>();
        private byte[] from;
        private boolean end;

        HintCursor(NamespaceId namespace, byte[] prefix, @Nullable Key after, int pageSize) {
            this.namespace = namespace;
            this.prefix = prefix;
            this.pageSize = pageSize;
            this.from = prefix;
            if (after != null && Arrays.compareUnsigned(after.bytes(), prefix) >= 0) {
                this.from = Arrays.copyOf(after.bytes(), after.bytes().length + 1);
            }
        }

        Map.@Nullable Entry<Key, Head> peek() throws LocalStoreFault {
            while (page.isEmpty() && !end) {
                fill();
            }
            return page.firstEntry();
        }

        void pop() {
            page.pollFirstEntry();
        }

        private void fill() throws LocalStoreFault {
            byte[] reached = null;
            boolean full = false;
            for (Member member : members.all()) {
                if (hints.depth(member) == 0) {
                    continue;
                }
                List<Entry> entries = hints.scan(member, namespace, from, pageSize);
                for (Entry entry : entries) {
                    add(entry);
                }
                if (entries.size() == pageSize) {
                    byte[] last = entries.getLast().key();
                    reached = !full || Arrays.compareUnsigned(last, reached) < 0 ? last : reached;
                    full = true;
                }
            }
            if (reached == null) {
                end = true;
                return;
            }
            page.tailMap(Key.of(reached), false).clear();
            from = Arrays.copyOf(reached, reached.length + 1);
        }

        private void add(Entry entry) {
            Key key = Key.of(entry.key());
            if (!key.startsWith(prefix)) {
                return;
            }
            try {
                Head head = RecordFormat.head(namespace, key, entry.value());
                page.merge(key, head, (a, b) -> a.version().newerThan(b.version()) ? a : b);
            } catch (DamagedRecord e) {
                // Reading the key by itself reports the damage; here the providers' word stands.
            }
        }
    }
}

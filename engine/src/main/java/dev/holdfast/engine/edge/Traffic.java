package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Written;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the requests of each namespace at this node, counted where all doors pass. An answer from memory costs one lookup and
 * one count and is not timed; whatever has to ask is timed by whole powers of two of microseconds. Thread-safe.
 */
public final class Traffic {
    /** Bucket {@code i} has those that took less than {@code 2^i} microseconds; the last one all others. */
    public static final int BUCKETS = 26;

    private static final int STALE = BUCKETS;
    private static final int UNCONFIRMED = STALE + 1;
    private static final int REFUSED = UNCONFIRMED + 1;
    private static final int REFUSED_LOCALLY = REFUSED + 1;
    private static final int KEPT_OUT = REFUSED_LOCALLY + 1;
    private static final int CELLS = KEPT_OUT + 1;

    private final Map<NamespaceId, Cells> namespaces = new ConcurrentHashMap<>();

    /** Of one namespace. */
    private static final class Cells {
        private final LongAdder near = new LongAdder();
        private final AtomicLongArray asked = new AtomicLongArray(CELLS);
    }

    /**
     * What has become of a namespace's requests since the start.
     *
     * @param near answered from memory
     * @param took those that were asked for, refused or not, by how long that took; see {@link #BUCKETS}
     * @param stale of all, answered with the last known good
     * @param unconfirmed of all, answered with what nobody vouches for
     * @param refused of all, not answered or not known to be done
     * @param refusedLocally of all, the same for want of this node's own disk
     * @param keptOut of all, by an operator's gate or a quota
     */
    public record Counts(
            long near, long[] took, long stale, long unconfirmed, long refused, long refusedLocally, long keptOut) {}

    /** Passes the counts of each namespace that has had requests. */
    public void forEach(BiConsumer<NamespaceId, Counts> each) {
        namespaces.forEach((id, cells) -> {
            long[] took = new long[BUCKETS];
            for (int i = 0; i < BUCKETS; i++) {
                took[i] = cells.asked.get(i);
            }
            each.accept(
                    id,
                    new Counts(
                            cells.near.sum(),
                            took,
                            cells.asked.get(STALE),
                            cells.asked.get(UNCONFIRMED),
                            cells.asked.get(REFUSED),
                            cells.asked.get(REFUSED_LOCALLY),
                            cells.asked.get(KEPT_OUT)));
        });
    }

    /** Keeps nothing of namespaces that are gone; one that is asked for again all the same begins anew. */
    public void forget(Predicate<NamespaceId> gone) {
        namespaces.keySet().removeIf(gone);
    }

    void near(NamespaceId namespace, CacheStatus status) {
        Cells cells = cells(namespace);
        cells.near.increment();
        if (status == CacheStatus.STALE) {
            cells.asked.incrementAndGet(STALE);
        }
    }

    NearAnswer asked(NamespaceId namespace, NearAnswer answer, long nanos) {
        AtomicLongArray counts = took(namespace, nanos);
        switch (answer.status()) {
            case STALE -> counts.incrementAndGet(STALE);
            // Past its time by a little, since whoever was asked took long: that is counted by how long it took.
            case UPDATING -> {}
            case HIT, MISS, BYPASS -> count(counts, answer.answer());
        }
        return answer;
    }

    Answer asked(NamespaceId namespace, Answer answer, long nanos) {
        count(took(namespace, nanos), answer);
        return answer;
    }

    Written asked(NamespaceId namespace, Written written, long nanos) {
        AtomicLongArray counts = took(namespace, nanos);
        switch (written) {
            case Written.Refused(var why) -> refused(counts, why.reason());
            case Written.Unknown(var why) -> refused(counts, why.reason());
            case Written.Acknowledged _, Written.ConditionFailed _ -> {}
        }
        return written;
    }

    Listing asked(NamespaceId namespace, Listing listing, long nanos) {
        AtomicLongArray counts = took(namespace, nanos);
        switch (listing) {
            case Listing.Unavailable(var why) -> refused(counts, why.reason());
            case Listing.Keys page -> unconfirmed(counts, page.confirmed());
        }
        return listing;
    }

    private static void count(AtomicLongArray counts, Answer answer) {
        switch (answer) {
            case Answer.Unavailable(var why) -> refused(counts, why.reason());
            case Answer.Found(var _, Freshness freshness) -> unconfirmed(counts, freshness.confirmed());
            case Answer.Missing(var _, Freshness freshness) -> unconfirmed(counts, freshness.confirmed());
        }
    }

    private static void unconfirmed(AtomicLongArray counts, boolean confirmed) {
        if (!confirmed) {
            counts.incrementAndGet(UNCONFIRMED);
        }
    }

    private static void refused(AtomicLongArray counts, Reason reason) {
        counts.incrementAndGet(
                switch (reason) {
                    case GATE, QUOTA, JURISDICTION -> KEPT_OUT;
                    case LOCAL_DISK_FULL, LOCAL_DISK_FAILED -> REFUSED_LOCALLY;
                    case NO_PROVIDER,
                            UNCONFIRMED_ABSENCE,
                            TOO_FEW_HOMES,
                            NODE_REMOVED,
                            DEADLINE,
                            OVERDUE,
                            SHED,
                            SEALED -> REFUSED;
                });
    }

    private AtomicLongArray took(NamespaceId namespace, long nanos) {
        AtomicLongArray counts = cells(namespace).asked;
        counts.incrementAndGet(bucket(nanos));
        return counts;
    }

    /** See {@link #BUCKETS}. */
    public static int bucket(long nanos) {
        return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos) / 1_000));
    }

    private Cells cells(NamespaceId namespace) {
        @Nullable Cells known = namespaces.get(namespace);
        return known != null ? known : namespaces.computeIfAbsent(namespace, _ -> new Cells());
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The copies of pinned namespaces that this node keeps, and the room they share. {@link Pinned} opens and closes them. Thread-safe. */
final class PinnedCopies {
    private final Time time;
    private final EdgeCounters counters;
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final BiConsumer<KeyRef, Entry> left;
    private final Map<NamespaceId, PinnedCopy> copies = new ConcurrentHashMap<>();

    /** @param left is told what a copy holds that is over, for the keys that are known beside it */
    PinnedCopies(Time time, EdgeCounters counters, long mostBytes, BiConsumer<KeyRef, Entry> left) {
        this.time = time;
        this.counters = counters;
        this.mostBytes = mostBytes;
        this.left = left;
    }

    @Nullable
    PinnedCopy of(NamespaceId namespace) {
        return copies.get(namespace);
    }

    /** One that nobody hears of before it is added. */
    PinnedCopy make(Namespace namespace) {
        return new PinnedCopy(time, namespace, this, counters);
    }

    /** From now on the copy is told what happens. */
    void add(PinnedCopy copy) {
        copies.put(copy.id(), copy);
    }

    void remove(PinnedCopy copy) {
        copy.close();
        copies.remove(copy.id(), copy);
    }

    /** A copy that is over holds this. */
    void leave(KeyRef ref, Entry held) {
        left.accept(ref, held);
    }

    void take(long more) {
        bytes.addAndGet(more);
    }

    /**
     * Has the largest copies go until the others fit, since a small one is not to go for what a large one takes. Holds no lock, and
     * leaves what takes time to {@link Pinned}: until then there is more in memory than there should be.
     */
    void makeRoom(PinnedCopy grown) {
        while (bytes.get() > mostBytes) {
            PinnedCopy largest = grown;
            for (PinnedCopy copy : copies.values()) {
                largest = copy.bytes() > largest.bytes() ? copy : largest;
            }
            if (largest.bytes() == 0) {
                return;
            }
            largest.tooLarge();
        }
    }

    /** What a copy could take that takes so much already. */
    long roomFor(long present) {
        return mostBytes - bytes.get() + present;
    }

    @Nullable
    Entry get(KeyRef ref) {
        PinnedCopy copy = of(ref.namespace());
        return copy == null ? null : copy.get(ref.key());
    }

    /** What a copy has of a key, for a reader for whom the copy does not decide: that it has heard of nothing proves nothing then. */
    Entry doubted(KeyRef ref, Entry copied) {
        PinnedCopy copy = of(ref.namespace());
        return copy == null ? copied : copy.doubted(ref.key(), copied);
    }

    /** What is known beside a copy is in doubt, too, if the copy wants something that came up since that was told. */
    void doubtWanted(KeyRef ref, Entry known) {
        PinnedCopy copy = of(ref.namespace());
        PinnedWants.Want want = copy == null ? null : copy.wanted(ref.key());
        if (want != null && want.version().newerThan(known.version()) && known.toldNanos - want.sinceNanos() <= 0) {
            known.doubt(time.nanos(), want.sinceNanos());
        }
    }

    /** Whether a copy knows that a key no longer holds what is kept of it elsewhere, however it came to be deleted. */
    boolean gone(KeyRef ref, Entry kept) {
        PinnedCopy copy = of(ref.namespace());
        return copy != null && !kept.record.tombstone() && copy.gone(ref.key(), kept.version());
    }

    /** What an answer said of a key. */
    void asked(KeyRef ref, Entry told) {
        PinnedCopy copy = of(ref.namespace());
        if (copy != null) {
            copy.asked(ref.key(), told);
        }
    }

    /** What a write of this node made of a key. */
    void wrote(KeyRef ref, Entry made) {
        PinnedCopy copy = of(ref.namespace());
        if (copy != null) {
            copy.wrote(ref.key(), made);
        }
    }

    /** What a feed told of a key that may never have been asked for here; null when it is to be asked for. */
    void heard(KeyRef ref, ChangeLog.Change change, @Nullable Entry told, long asOfNanos) {
        PinnedCopy copy = of(ref.namespace());
        if (copy == null) {
            return;
        }
        if (told == null) {
            copy.want(ref.key(), new PinnedWants.Want(change.version(), asOfNanos, PinnedWants.Why.TOLD));
        } else {
            copy.heard(ref.key(), told);
        }
    }

    /** Somebody here has been shown that a key has this version, or may have, and had not before {@code sinceNanos}. */
    void shown(KeyRef ref, Version version, long sinceNanos) {
        PinnedCopy copy = of(ref.namespace());
        if (copy != null) {
            copy.want(ref.key(), new PinnedWants.Want(version, sinceNanos, PinnedWants.Why.SHOWN));
        }
    }

    List<PinnedStatus> status() {
        List<PinnedStatus> all = new ArrayList<>();
        copies.values().forEach(copy -> all.add(copy.status()));
        all.sort(Comparator.comparing(PinnedStatus::namespace));
        return all;
    }
}

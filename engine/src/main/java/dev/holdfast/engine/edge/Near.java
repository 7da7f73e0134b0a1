package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.time.Time;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of keys, in memory and, where there is room for it, on disk. Of two things told of a key the newer version
 * is kept; of one version, what was told last. Thread-safe.
 */
public final class Near {
    /** A version that the disk has already is written there again only when it was told so much later. */
    private static final long KEEP_AGAIN_NANOS = 30_000_000_000L;

    private final Time time;
    private final Residency residency;
    private final Entries entries;
    private final @Nullable DiskLevel disk;
    private final EdgeCounters counters = new EdgeCounters();
    private final Flights flights;
    private final PinnedCopies pinned;

    private Near(Time time, EdgeConfig config, Entries entries, @Nullable DiskLevel disk, Residency residency) {
        this.time = time;
        this.residency = residency;
        this.entries = entries;
        this.disk = disk;
        this.flights = new Flights(time);
        this.pinned = new PinnedCopies(time, counters, config.pinnedBytes(), this::tellIfHere);
    }

    /** @param disk null for memory alone */
    public static Near of(Time time, EdgeConfig config, @Nullable DiskLevel disk) {
        return of(time, config, disk, Residency.ANYWHERE);
    }

    /** @param residency says of which namespaces nothing is kept here */
    public static Near of(Time time, EdgeConfig config, @Nullable DiskLevel disk, Residency residency) {
        return new Near(time, config, new CaffeineEntries(config.memoryBytes()), disk, residency);
    }

    /** One that forgets the same in every run. */
    public static Near simulated(Time time, EdgeConfig config, @Nullable DiskLevel disk) {
        return new Near(time, config, new RecentEntries(config.memoryBytes()), disk, Residency.ANYWHERE);
    }

    EdgeCounters counters() {
        return counters;
    }

    @Nullable
    Entry get(KeyRef ref) {
        return entries.get(ref);
    }

    /**
     * The same for a namespace that may be pinned: its copy asks for itself, and may have come to something newer. That is no hit, since a
     * reader comes here when the copy does not decide, but nobody is answered with less.
     */
    @Nullable
    Entry getBesideCopy(KeyRef ref) {
        Entry entry = entries.get(ref);
        Entry copied = pinned.get(ref);
        if (entry != null && pinned.gone(ref, entry)) {
            return null;
        }
        if (entry != null) {
            pinned.doubtWanted(ref, entry);
        }
        if (copied == null || (entry != null && !copied.version().newerThan(entry.version()))) {
            return entry;
        }
        Entry beside = pinned.doubted(ref, copied);
        // What is on disk and not in memory may be newer than the copy, and nothing older may come before it.
        return entry == null ? beside : entries.merge(ref, beside, Near::newer);
    }

    /** The newest known, in memory, on disk or pinned, however old it is; not what a full copy knows to be gone. */
    @Nullable
    Entry lastKnown(KeyRef ref) {
        Entry near = entries.get(ref);
        Entry kept = near != null || disk == null ? near : disk.get(ref);
        if (kept != null && pinned.gone(ref, kept)) {
            return null;
        }
        Entry copied = pinned.get(ref);
        return copied != null && (kept == null || copied.version().newerThan(kept.version()))
                ? pinned.doubted(ref, copied)
                : kept;
    }

    /**
     * Tells a copy that begins what is known beside it: it may be newer than what lies on disk, or what origins list, and somebody may have
     * been shown it.
     */
    void recall(PinnedCopy copy) {
        BiConsumer<KeyRef, Entry> known = (ref, entry) -> {
            if (ref.namespace().equals(copy.id())) {
                copy.asked(ref.key(), entry);
            }
        };
        entries.forEach(known);
        if (disk != null) {
            disk.forEach(copy.id(), known);
        }
    }

    PinnedCopies pinned() {
        return pinned;
    }

    /**
     * Takes note of what a key holds.
     *
     * @return the newest that is known now
     */
    Entry tell(KeyRef ref, Entry told) {
        if (!residency.here(ref.namespace())) {
            return told;
        }
        Entry kept = entries.merge(ref, told, Near::newer);
        if (kept == told) {
            keep(ref, told);
        }
        pinned.asked(ref, told);
        return kept;
    }

    /**
     * The same for a key that is here, if on disk only; of others nothing is noted. What one feed tells may be older than what another
     * has told, or a call has shown, and what had to make room since: then it must not take the empty place.
     */
    void tellIfHere(KeyRef ref, Entry told) {
        entries.replace(ref, old -> {
            Entry kept = newer(old, told);
            if (kept == told) {
                keep(ref, told);
            }
            return kept;
        });
        if (disk != null && entries.get(ref) == null) {
            disk.replace(ref, told);
        }
    }

    private void keep(KeyRef ref, Entry told) {
        if (disk != null && told.toldNanos - told.keptNanos() >= KEEP_AGAIN_NANOS) {
            told.kept(told.toldNanos);
            disk.keep(ref, told);
        }
    }

    /**
     * Has the disk know that an entry which was told long ago is the newest as of {@code untilNanos}: it hears of nothing, and after a
     * restart nobody will know how far this node had heard. Waits for no disk.
     *
     * @param everyNanos how often it is enough
     */
    void keepNewest(KeyRef ref, Entry entry, long untilNanos, long everyNanos) {
        if (disk == null || untilNanos - entry.keptNanos() < Math.max(everyNanos, KEEP_AGAIN_NANOS)) {
            return;
        }
        long millis = time.wallMillis() - (time.nanos() - untilNanos) / 1_000_000;
        Entry then = new Entry(entry.record, untilNanos, millis, Entry.MEMORY);
        // Only while it is here: what has taken its place may be on disk already.
        entries.replace(ref, now -> {
            if (now == entry && !now.doubtful()) {
                now.kept(untilNanos);
                disk.keep(ref, then);
            }
            return now;
        });
    }

    /**
     * A change was made somewhere. Keys that nobody asks for here stay unknown, unless their namespace is pinned.
     *
     * @param asOfNanos when all that came before it had been heard: as of now a later one may be on its way
     */
    void heard(ChangeLog.Change change, long asOfNanos) {
        counters.changes.increment();
        KeyRef ref = new KeyRef(change.namespace(), change.key());
        flights.overtake(ref, change.version());
        Record record = change.record();
        if (record == null) {
            pinned.heard(ref, change, null, asOfNanos);
            doubtEntry(ref, change.version(), asOfNanos);
            return;
        }
        long millis = time.wallMillis() - (time.nanos() - asOfNanos) / 1_000_000;
        Entry told = new Entry(record, asOfNanos, millis, Entry.MEMORY);
        pinned.heard(ref, change, told, asOfNanos);
        tellIfHere(ref, told);
    }

    Flights flights() {
        return flights;
    }

    /**
     * Something newer than what is here exists, or may: {@code version} of it.
     *
     * @param sinceNanos before that what is here was the newest, as far as all was heard
     */
    void doubt(KeyRef ref, Version version, long sinceNanos) {
        pinned.shown(ref, version, sinceNanos);
        doubtEntry(ref, version, sinceNanos);
    }

    private void doubtEntry(KeyRef ref, Version version, long sinceNanos) {
        Entry entry = entries.get(ref);
        if (entry != null && version.newerThan(entry.version())) {
            entry.doubt(time.nanos(), sinceNanos);
        }
    }

    private static Entry newer(Entry old, Entry told) {
        int order = told.version().compareTo(old.version());
        if (order < 0) {
            return old;
        }
        if (order == 0
                && (told.toldNanos - old.toldNanos < 0
                        || !Record.merge(old.record, told.record).equals(told.record))) {
            return told.askedNanos - old.askedNanos > 0 ? old.confirmedBy(told) : old;
        }
        told.replaces(old);
        return told;
    }

    EdgeStatus status() {
        Entries.Load load = entries.load();
        return new EdgeStatus(
                load.entries(),
                load.bytes(),
                load.evicted(),
                flights.size(),
                disk == null ? 0 : disk.bytes(),
                disk == null ? 0 : disk.waiting(),
                counters.snapshot());
    }
}

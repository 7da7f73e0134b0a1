package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedStatus.State;
import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.edge.PinnedWants.Why;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All keys of one namespace in memory. It is told everything that this node hears, forgets nothing but what the origins have collected,
 * and of two things told of a key keeps the newer version. So once a walk through the whole namespace has ended, every key is here as
 * it was when that walk began, or as it became since; what is not here does not exist.
 *
 * <p>Of what is known to be newer elsewhere there is a {@link Want}, until it is here. Reading takes no lock. Thread-safe.
 */
final class PinnedCopy {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedCopy.class);

    private final Time time;
    private final NamespaceId id;
    private final PinnedCopies all;
    private final EdgeCounters counters;
    private volatile String title;

    /** For whoever changes anything; short, and nothing waits inside. */
    private final ReentrantLock changing = new ReentrantLock();

    private final PinnedWants wants;
    private final PinnedEntries entries;
    private final LongAdder differences = new LongAdder();
    private volatile State state = State.LOADING;
    private volatile @Nullable PinnedWhole whole;
    private volatile boolean unanswered;
    /** How often all was forgotten, so that the disk comes to do the same. */
    private final AtomicInteger emptied = new AtomicInteger();
    /** Whether changes were missed that a walk has yet to find. */
    private boolean missed;
    /** Not null while it is over, and what it holds still has to be dropped. */
    private volatile @Nullable Ended ended;

    /** @param whole what it was; null if it had never been whole */
    private record Ended(@Nullable PinnedWhole whole) {}

    PinnedCopy(Time time, Namespace namespace, PinnedCopies all, EdgeCounters counters) {
        this.time = time;
        this.id = namespace.id();
        this.title = namespace.title();
        this.all = all;
        this.counters = counters;
        this.wants = new PinnedWants(time);
        this.entries = new PinnedEntries(wants, all::take);
    }

    NamespaceId id() {
        return id;
    }

    void titled(String now) {
        title = now;
    }

    String title() {
        return title;
    }

    State state() {
        return state;
    }

    @Nullable
    PinnedWhole whole() {
        return whole;
    }

    @Nullable
    Entry get(Key key) {
        return entries.get(key);
    }

    @Nullable
    Want wanted(Key key) {
        return wants.get(key);
    }

    PinnedWants wants() {
        return wants;
    }

    /** What is here of a key, with a doubt: known to be the newest only for as long as nothing is wanted, and all is told to this copy. */
    Entry doubted(Key key, Entry here) {
        long now = time.nanos();
        Want want = wants.get(key);
        Ended over = ended;
        long since = want == null ? now : want.sinceNanos();
        if (over != null) {
            since = over.whole() == null ? here.toldNanos : over.whole().asOfNanos();
        }
        return here.doubted(now, since);
    }

    /** The versions of all that is here. */
    Map<Key, Version> versions() {
        return entries.versions();
    }

    long bytes() {
        return entries.bytes();
    }

    /** Whether nobody answered the last question for this copy. */
    boolean unanswered() {
        return unanswered;
    }

    void answered(boolean now) {
        unanswered = !now;
    }

    // What is told.

    void wrote(Key key, Entry made) {
        within(() -> putUnlessGone(key, made, Why.SHOWN), () -> entries.replace(key, made));
    }

    void heard(Key key, Entry told) {
        within(() -> putUnlessGone(key, told, Why.TOLD), () -> entries.replace(key, told));
    }

    private void putUnlessGone(Key key, Entry told, Why why) {
        boolean doubted = !told.record.tombstone() && goneBefore(key, told.version());
        if (doubted) {
            want(key, new Want(Version.MAX, told.toldNanos, why));
        }
        // What somebody here was shown stays until it is known to be gone; what only a feed has told waits for the
        // answer.
        if (!doubted || (why == Why.SHOWN && !gone(key, told.version()))) {
            entries.put(key, told, true);
        }
    }

    /** That there is nothing is noted of keys that are here only: there is no end of others. */
    void asked(Key key, Entry told) {
        within(() -> putAsked(key, told), () -> entries.replace(key, told));
    }

    private void putAsked(Key key, Entry told) {
        boolean unknown = !entries.contains(key) && wants.get(key) == null;
        if (unknown && told.record.tombstone()) {
            return;
        }
        Entry here = entries.get(key);
        if (told.doubtful() && here != null && !told.version().newerThan(here.version())) {
            return;
        }
        putUnlessGone(key, told, Why.SHOWN);
        if (told.doubtful()) {
            want(key, new Want(Version.MAX, told.toldNanos, Why.TOLD));
        }
    }

    /** As an earlier process has kept it. */
    void load(Key key, Entry kept) {
        within(() -> entries.put(key, kept, false));
    }

    /**
     * Whether this may be what a key held before it was deleted, told late: a provider that was away for long makes origins do so. While
     * something may be missing here, so may be the delete.
     */
    private boolean goneBefore(Key key, Version version) {
        PinnedWhole now = whole;
        return !entries.contains(key) && (now == null || missed || !version.newerThan(now.newest()));
    }

    /** Whether the copy knows that a key which had this version has been deleted, though the origins have collected that. */
    boolean gone(Key key, Version version) {
        PinnedWhole now = whole;
        return now != null && !version.newerThan(now.floor()) && !entries.contains(key);
    }

    private void within(Runnable change) {
        within(change, () -> {});
    }

    /**
     * @param late instead for one that is over, until it is dropped: nobody is to be given what is older than what is known beside it, be
     *     that on disk only
     */
    private void within(Runnable change, Runnable late) {
        changing.lock();
        try {
            if (state != State.TOO_LARGE) {
                change.run();
            } else if (ended != null) {
                late.run();
            }
        } finally {
            changing.unlock();
        }
        makeRoom();
    }

    /** Not inside the lock: it may be another copy that has to go. */
    private void makeRoom() {
        if (!changing.isHeldByCurrentThread()) {
            all.makeRoom(this);
        }
    }

    // What is wanted.

    /** Has the key asked for, unless what is wanted is here. */
    void want(Key key, Want want) {
        within(() -> {
            Entry here = entries.get(key);
            if (here != null && !want.version().newerThan(here.version())) {
                return;
            }
            wants.add(key, want);
        });
    }

    /**
     * Takes note of what the origins hold of a wanted key, which they vouch for.
     *
     * @param held what was here when they were asked
     * @return whether that ends it; otherwise something has come between
     */
    boolean fetched(Key key, Want want, @Nullable Entry held, Entry told) {
        changing.lock();
        try {
            Want now = wants.get(key);
            Entry here = entries.get(key);
            if (now == null || state == State.TOO_LARGE) {
                return true;
            }
            Entry better = here != null && here.version().newerThan(told.version()) ? here : null;
            if ((!now.equals(want) && now.version().newerThan(told.version())) || (better != null && better != held)) {
                return false;
            }
            if (better != null && better.record.alive(time.wallMillis())) {
                counters.contradictions.increment();
                wants.leave(key, now);
                return true;
            }
            boolean nothing = here == null && told.version().equals(Version.NONE);
            if (better == null && !nothing) {
                entries.put(key, told, true);
            }
            wants.resolved(key);
            return true;
        } finally {
            changing.unlock();
            makeRoom();
        }
    }

    /** Something was missing though all changes should have been told. */
    void differs(int keys) {
        differences.add(keys);
        counters.differences.add(keys);
    }

    // Whether it is whole.

    /** As an earlier process has found it. */
    void load(PinnedWhole found) {
        within(() -> {
            missed = true;
            whole = found;
            state = State.WHOLE;
        });
    }

    /**
     * Nothing is missing as of the beginning of a walk.
     *
     * @param began by the wall clock: what was made before, the walk has found
     * @param floor what was deleted up to there the origins have collected, so that nothing so old can come back: it is forgotten
     * @param listed the keys that the walk has found
     */
    void walked(long asOfNanos, long began, Version floor, Set<Key> listed, Coverage coverage) {
        long wallMillis = time.wallMillis();
        within(() -> {
            entries.forEach((key, entry) -> {
                if (!entry.record.alive(wallMillis) && !entry.version().newerThan(floor) && !listed.contains(key)) {
                    entries.remove(key);
                }
            });
            PinnedWhole before = whole;
            long since = before != null && before.followed() && before.asOfNanos() - asOfNanos > 0
                    ? before.asOfNanos()
                    : asOfNanos;
            Version found = Version.newest(entries.newest(), Version.atMillis(began));
            whole = new PinnedWhole(since, found, floor, true);
            state = State.WHOLE;
            missed = coverage.missedSince(asOfNanos);
        });
    }

    /** Takes note of how far all changes have been heard: after a gap that cannot be told any more. */
    void advance(Coverage coverage) {
        within(() -> {
            PinnedWhole now = whole;
            if (now != null) {
                missed |= now.missed(coverage);
                whole = now.asOf(now.until(coverage));
            }
        });
    }

    /** There is no room for it. Nothing is answered from a part of it, and {@link #drop} is to come. */
    void tooLarge() {
        changing.lock();
        try {
            if (state != State.TOO_LARGE) {
                LOG.error(
                        "the pinned namespace \"{}\" ({}) does not fit into cache.pinned; it is read as if it were not"
                                + " pinned until it does",
                        title,
                        id);
            }
            end();
        } finally {
            changing.unlock();
        }
    }

    /** Decides nothing and takes nothing any more, but holds what it has until that is dropped, so that nobody is given less. */
    private void end() {
        if (state == State.TOO_LARGE) {
            return;
        }
        state = State.TOO_LARGE;
        ended = new Ended(whole);
        // First: whoever finds nothing must not take it for an absence.
        whole = null;
        emptied.incrementAndGet();
        entries.giveUp();
    }

    /** Has one that is over forget what it holds. Looks each key up on disk, so nobody who tells changes is to wait for it. */
    synchronized void drop() {
        if (ended != null) {
            // Somebody may have been shown it, and what is near may be older.
            entries.forEach((key, entry) -> all.leave(new KeyRef(id, key), entry));
            entries.clear();
            ended = null;
        }
    }

    /** Forgets everything and takes nothing any more, as when the namespace is not pinned now. */
    void close() {
        changing.lock();
        try {
            end();
        } finally {
            changing.unlock();
        }
        drop();
    }

    /** Begins anew, since there may be room. */
    void beginAgain() {
        drop();
        state = State.LOADING;
    }

    // What is on disk.

    int emptied() {
        return emptied.get();
    }

    /** As of when everything is here, and not only wanted; null while it has never been whole. */
    @Nullable
    PinnedWhole here() {
        PinnedWhole now = whole;
        // In this order: a want for what is older than that has been added by now, or is resolved.
        return now == null ? null : now.asOf(wants.missingSince(now.asOfNanos()));
    }

    /** Keys that have changed since this was asked last. */
    List<Key> takeDirty() {
        changing.lock();
        try {
            return entries.takeDirty();
        } finally {
            changing.unlock();
        }
    }

    void dirtyAgain(List<Key> keys) {
        within(() -> entries.dirtyAgain(keys));
    }

    PinnedStatus status() {
        PinnedWhole now = whole;
        long keys = state == State.TOO_LARGE ? 0 : entries.living(time.wallMillis());
        long age = now == null ? 0 : Math.max(0, (time.nanos() - now.asOfNanos()) / 1_000_000);
        return new PinnedStatus(id, title, state, keys, entries.bytes(), age, wants.size(), differences.sum());
    }
}

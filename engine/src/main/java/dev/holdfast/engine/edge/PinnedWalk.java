package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedStatus.State;
import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.edge.PinnedWants.Why;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through all keys of a namespace at the origins, and has asked for what its copy lacks: at first, after every gap of the feed, now
 * and then while nothing is heard, and as a verification every so often. One thread.
 */
final class PinnedWalk {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedWalk.class);
    private static final int PAGE = 1_000;
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 500_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000_000L;
    /** A feed says every second that it is alive. */
    private static final long SILENCE_NANOS = 30_000_000_000L;
    /** What was changed during a walk has been told so soon after it. */
    private static final long TOLD_WITHIN_NANOS = 5_000_000_000L;

    /** How long one that nobody vouches for may keep all others from being known to be the newest. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private static final long CLOCKS_DIFFER_MILLIS = 60_000;
    /** One of several origins lists what another one has written past a provider so soon. */
    private static final long SETTLED_NANOS = 15_000_000_000L;

    private static final byte[] ALL = {};

    private final Time time;
    private final Store store;
    private final Coverage coverage;
    private final Near near;
    private final PinnedCopy copy;
    private final long verifyNanos;
    private long walkedNanos;
    private long askedLeftNanos;

    PinnedWalk(Time time, Store store, Coverage coverage, Near near, PinnedCopy copy, Duration verify) {
        this.time = time;
        this.store = store;
        this.coverage = coverage;
        this.near = near;
        this.copy = copy;
        this.verifyNanos = verify.toNanos();
        this.walkedNanos = time.nanos();
        this.askedLeftNanos = walkedNanos;
    }

    /**
     * Walks if it is time to.
     *
     * @return how long to rest before the next step
     */
    long step() throws InterruptedException {
        if (due()) {
            walk();
            return 0;
        }
        askLeft();
        return TICK_NANOS;
    }

    /** What origins lack they may only have to learn yet. */
    private void askLeft() {
        if (time.nanos() - askedLeftNanos >= SILENCE_NANOS) {
            askedLeftNanos = time.nanos();
            copy.wants().askLeft();
        }
    }

    private boolean due() {
        long now = time.nanos();
        if (copy.state() == State.TOO_LARGE || now - walkedNanos >= verifyNanos) {
            return now - walkedNanos >= verifyNanos;
        }
        PinnedWhole whole = copy.whole();
        return whole == null
                || whole.missed(coverage)
                || (now - whole.until(coverage) >= SILENCE_NANOS && now - walkedNanos >= SILENCE_NANOS);
    }

    private void walk() throws InterruptedException {
        long began = time.nanos();
        long beganMillis = time.wallMillis();
        walkedNanos = began;
        copy.advance(coverage);
        Map<Key, Version> before = copy.versions();
        Map<Key, Version> listed = list();
        if (listed == null) {
            copy.tooLarge();
        } else if (copy.state() == State.TOO_LARGE) {
            // It fits now. What has happened since the walk began it was not told, so the walk begins again.
            copy.beginAgain();
            near.recall(copy);
        } else {
            compare(began, beganMillis, before, listed);
        }
    }

    /** The newest version of each living key; null when they take more than there is room for. */
    private @Nullable Map<Key, Version> list() throws InterruptedException {
        Map<Key, Version> listed = new HashMap<>();
        long bytes = 0;
        long pause = FIRST_PAUSE_NANOS;
        Key after = null;
        while (true) {
            Listing listing = store.list(copy.id(), ALL, after, PAGE);
            copy.answered(listing instanceof Listing.Keys);
            if (!(listing instanceof Listing.Keys page) || !page.confirmed()) {
                time.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                continue;
            }
            pause = FIRST_PAUSE_NANOS;
            for (Listed line : page.keys()) {
                Head head = line.head();
                listed.put(line.key(), head.version());
                bytes += Entry.weight(line.key().bytes().length, head.metadata().length, head.valueBytes());
            }
            if (bytes > near.pinned().roomFor(copy.bytes())) {
                return null;
            }
            after = page.next();
            if (after == null) {
                return listed;
            }
        }
    }

    private void compare(long began, long beganMillis, Map<Key, Version> before, Map<Key, Version> listed)
            throws InterruptedException {
        PinnedWhole whole = copy.whole();
        boolean verifying = whole != null && nothingMissed(whole);
        Set<Key> differing = differing(before, listed, !verifying);
        if (verifying && !differing.isEmpty()) {
            copy.differs(differing.size());
            LOG.error(
                    "{} keys of the pinned namespace \"{}\" ({}) differ from the origins though no change should have"
                            + " been missed; they are asked for again",
                    differing.size(),
                    copy.title(),
                    copy.id());
        }
        long known = whole == null ? began : whole.until(coverage);
        Set<Key> lacking = verifying ? differing(before, listed, true) : differing;
        for (Key key : lacking) {
            Version there = listed.getOrDefault(key, Version.NONE);
            Entry here = copy.get(key);
            boolean newer = here == null || there.newerThan(here.version());
            copy.want(key, new Want(newer ? there : Version.MAX, known, Why.WALKED));
        }
        // A first walk has to have all. After that, what is still wanted is known to be old, and nothing else.
        boolean all = copy.wants().awaitResolved(lacking, TICK_NANOS, whole == null ? Long.MAX_VALUE : PATIENCE_NANOS);
        if (!all) {
            LOG.warn(
                    "nobody has vouched yet for all of the {} keys of the pinned namespace \"{}\" ({}) that differ from"
                            + " the origins; those that are wanted still are asked for until somebody does",
                    lacking.size(),
                    copy.title(),
                    copy.id());
        }
        if (copy.state() == State.TOO_LARGE) {
            return;
        }
        copy.walked(began, beganMillis, floor(), listed.keySet(), coverage);
        if (whole == null) {
            LOG.info("the copy of the pinned namespace \"{}\" is whole: {} keys", copy.title(), listed.size());
        }
    }

    /** Whether the copy must have all that was listed, once what was changed in the meantime has been told. */
    private boolean nothingMissed(PinnedWhole before) throws InterruptedException {
        long ended = time.nanos();
        while (before.until(coverage) - ended < 0) {
            if (before.missed(coverage) || time.nanos() - ended >= TOLD_WITHIN_NANOS) {
                return false;
            }
            time.sleep(TICK_NANOS / 10);
        }
        return true;
    }

    /**
     * Keys of which the copy does not have what was listed, or has what was not.
     *
     * @param before what the copy had before they were listed: what has come since may be newer
     * @param all also what is on its way here, and what may only seem to be here by a clock that differs
     */
    private Set<Key> differing(Map<Key, Version> before, Map<Key, Version> listed, boolean all) {
        Set<Key> differing = new LinkedHashSet<>();
        listed.forEach((key, version) -> {
            Entry here = copy.get(key);
            Want want = all ? null : copy.wanted(key);
            Version known = here == null ? Version.NONE : here.version();
            if (version.newerThan(want == null ? known : Version.newest(known, want.version()))
                    || (known.newerThan(version) && known.equals(before.get(key)))) {
                differing.add(key);
            }
        });
        long aliveUntil = time.wallMillis() + (all ? 0 : CLOCKS_DIFFER_MILLIS);
        long toldBefore = time.nanos() - (all ? 0 : SETTLED_NANOS);
        before.forEach((key, version) -> {
            Entry here = copy.get(key);
            if (here != null
                    && here.version().equals(version)
                    && here.record.alive(aliveUntil)
                    && here.toldNanos - toldBefore <= 0
                    && !listed.containsKey(key)) {
                differing.add(key);
            }
        });
        return differing;
    }

    /** Up to which version the origins have collected what was deleted: what they say of a key that has never been. */
    private Version floor() {
        PinnedWhole before = copy.whole();
        Version least = before == null ? Version.NONE : before.floor();
        String never = "holdfast-" + HexFormat.of().toHexDigits(time.random().nextLong());
        Answer answer = store.get(copy.id(), Key.of(never), ReadMode.CONFIRMED);
        return answer instanceof Answer.Missing(Version asOf, Freshness freshness) && freshness.confirmed()
                ? Version.newest(least, asOf)
                : least;
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asking for what is not near, or not surely the newest: one question for each key at a time, for as long as patience lasts when
 * there is something to answer with, and then the last known good. Thread-safe.
 */
final class Asking {
    /** The store answers, or refuses, well within this. */
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private static final long REFRESH_PAUSE_NANOS = 1_000_000_000;

    /** For so long nothing of a namespace is confirmed again once the store had no room for that. */
    private static final long NO_ROOM_NANOS = 100_000_000;

    private final Store store;
    private final Time time;
    private final Near near;
    private final Coverage coverage;
    private final EdgeCounters counters;
    private final Flights flights;
    private final long patienceNanos;
    private final int refreshers;
    private final AtomicInteger refreshing = new AtomicInteger();
    private final Silence silence;
    private final Map<NamespaceId, Long> noRoom = new ConcurrentHashMap<>();

    Asking(Store store, Time time, EdgeConfig config, Coverage coverage, Near near) {
        this.store = store;
        this.time = time;
        this.near = near;
        this.coverage = coverage;
        this.counters = near.counters();
        this.flights = near.flights();
        this.patienceNanos = config.patience().toNanos();
        this.refreshers = config.refreshers();
        this.silence = new Silence(time);
    }

    /** A write of this node gave the key this version: nobody may wait any longer for what was asked before. */
    void overtaken(KeyRef ref, Version version) {
        flights.overtake(ref, version);
    }

    /** @param entry what is near; null for nothing */
    NearAnswer ask(Namespace namespace, KeyRef ref, @Nullable Entry entry) {
        boolean closed = namespace.policy().onOutage() instanceof OnOutage.Closed;
        // Beside a full copy something newer may be on disk alone, where the threads of connections do not look.
        Entry here = entry != null && namespace.policy().pinned() ? near.lastKnown(ref) : entry;
        NearAnswer known = here == null || closed ? null : lastKnown(namespace, here, CacheStatus.UPDATING, "");
        if (known != null && silence.lasts()) {
            if (silence.claimTry()) {
                tryAgain(namespace, ref);
            }
            counters.stale.increment();
            return new NearAnswer(known.answer(), CacheStatus.STALE, known.ageMillis());
        }
        Flights.Boarding boarding = flights.board(ref);
        Flights.Flight flight = boarding.flight();
        Entry since = boarding.first() ? near.get(ref) : null;
        if (since != null && since != entry && !doubtful(since)) {
            // The question that this read would have waited for was answered just before it came.
            NearAnswer answer = new NearAnswer(since.answer(time.wallMillis()), CacheStatus.HIT, ageMillis(since));
            counters.hits.increment();
            flight.land(answer);
            return answer;
        }
        if (boarding.first() && known == null) {
            return fly(namespace, flight, ReadMode.CACHED);
        } else if (boarding.first()) {
            time.fork("ask", () -> fly(namespace, flight, ReadMode.CACHED));
        }
        try {
            long came = time.nanos();
            Request request = Request.now();
            NearAnswer answer = flight.await(request.atMost(came + (known == null ? LONGEST_NANOS : patienceNanos)));
            if (answer != null && overdue(answer) && !request.over(time.nanos())) {
                // That was the caller who asked, and who had less time than this one.
                return ask(namespace, ref, entry);
            }
            if (answer != null) {
                // What was asked for before this came may be the newest as of then only.
                return answer.status() == CacheStatus.STALE
                        ? answer
                        : answer.older((came - flight.beganNanos) / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (known != null) {
            if (!Request.now().over(time.nanos())) {
                silence.waitedInVain(patienceNanos);
            }
            counters.updating.increment();
            return known;
        }
        return refused(
                Request.now().over(time.nanos())
                        ? Request.overdue()
                        : new Refusal(Reason.DEADLINE, "Nobody has answered in time. Try again."));
    }

    private static boolean overdue(NearAnswer answer) {
        return answer.answer() instanceof Answer.Unavailable(Refusal why) && why.reason() == Reason.OVERDUE;
    }

    /** Whether something newer may be elsewhere, as was heard, or could have been heard and was not. */
    boolean doubtful(Entry entry) {
        return entry.doubtful() || coverage.missedSince(entry.askedNanos);
    }

    private void tryAgain(Namespace namespace, KeyRef ref) {
        Flights.Boarding boarding = flights.board(ref);
        if (boarding.first()) {
            time.fork("ask", () -> fly(namespace, boarding.flight(), ReadMode.CACHED));
        }
    }

    /** Asks beyond all caches, also when somebody else asks already. */
    NearAnswer askNow(Namespace namespace, KeyRef ref) {
        Flights.Boarding boarding;
        do {
            // Whoever waits for that one still gets its answer.
            flights.overtake(ref, Version.NONE);
            boarding = flights.board(ref);
        } while (!boarding.first());
        return fly(namespace, boarding.flight(), ReadMode.CONFIRMED);
    }

    /** Asks again for an entry whose time is nearly over, so that a key that is read often is always near. */
    void refresh(Namespace namespace, KeyRef ref, Entry entry, ReadMode mode) {
        askAgain(ref, entry, flight -> fly(namespace, flight, mode));
    }

    /** Asks the homes again for an entry that has been kept by the feed alone for long, which is as good a little later. */
    void confirm(Namespace namespace, KeyRef ref, Entry entry) {
        Long noRoomUntil = noRoom.get(namespace.id());
        if (noRoomUntil == null || time.nanos() - noRoomUntil >= 0) {
            askAgain(ref, entry, flight -> land(flight, () -> confirm(namespace, flight)));
        }
    }

    private void askAgain(KeyRef ref, Entry entry, Consumer<Flights.Flight> asking) {
        if (!entry.claimRefresh(time.nanos(), REFRESH_PAUSE_NANOS)) {
            return;
        }
        if (refreshing.incrementAndGet() > refreshers) {
            refreshing.decrementAndGet();
            return;
        }
        Flights.Boarding boarding = flights.board(ref);
        if (!boarding.first()) {
            refreshing.decrementAndGet();
            return;
        }
        counters.refreshes.increment();
        time.fork("refresh", () -> {
            try {
                asking.accept(boarding.flight());
            } finally {
                refreshing.decrementAndGet();
            }
        });
    }

    private NearAnswer confirm(Namespace namespace, Flights.Flight flight) {
        Answer told = Request.whenThereIsRoom().serve(() -> get(namespace, flight.ref, ReadMode.CONFIRMED));
        if (told instanceof Answer.Unavailable(Refusal why) && why.reason() == Reason.SHED) {
            noRoom.put(namespace.id(), time.nanos() + NO_ROOM_NANOS);
            // Who has come to wait for it meanwhile is in a hurry, and asks for itself.
            return unavailable(Request.overdue());
        }
        noRoom.remove(namespace.id());
        return judge(namespace, flight, told);
    }

    private NearAnswer fly(Namespace namespace, Flights.Flight flight, ReadMode mode) {
        return land(flight, () -> judge(namespace, flight, get(namespace, flight.ref, mode)));
    }

    /** Tells those who wait for it what is found, or that the question failed. */
    private static NearAnswer land(Flights.Flight flight, Supplier<NearAnswer> question) {
        NearAnswer answer = unavailable(new Refusal(Reason.NO_PROVIDER, "The question failed. Try again."));
        try {
            answer = question.get();
        } finally {
            flight.land(answer);
        }
        return answer;
    }

    /** An answer from another node's cache that is older than what is known here is none: that node is to ask, too. */
    private Answer get(Namespace namespace, KeyRef ref, ReadMode mode) {
        Answer answer = store.get(namespace.id(), ref.key(), mode);
        boolean cached = switch (answer) {
            case Answer.Found(Record record, Freshness freshness) -> outdated(ref, record.version(), freshness);
            case Answer.Missing(Version asOf, Freshness freshness) -> outdated(ref, asOf, freshness);
            case Answer.Unavailable _ -> false;
        };
        return cached && mode == ReadMode.CACHED ? store.get(namespace.id(), ref.key(), ReadMode.CONFIRMED) : answer;
    }

    private boolean outdated(KeyRef ref, Version version, Freshness freshness) {
        Entry known = freshness.ageMillis() == 0 ? null : near.lastKnown(ref);
        return known != null && known.version().newerThan(version);
    }

    private NearAnswer judge(Namespace namespace, Flights.Flight flight, Answer answer) {
        return switch (answer) {
            case Answer.Found(Record record, Freshness freshness) -> told(namespace, flight, answer, record, freshness);
            case Answer.Missing(Version asOf, Freshness freshness) ->
                told(namespace, flight, answer, Record.tombstone(asOf), freshness);
            case Answer.Unavailable(Refusal why) -> {
                if (silent(why.reason())) {
                    silence.begin();
                }
                yield lastKnownGood(namespace, flight.ref, why);
            }
        };
    }

    /** Whether nobody can be asked. That something is not vouched for, or kept out, says nothing of other keys. */
    private static boolean silent(Reason reason) {
        return switch (reason) {
            case UNCONFIRMED_ABSENCE, SHED, GATE, QUOTA, OVERDUE, SEALED, JURISDICTION -> false;
            case NO_PROVIDER, TOO_FEW_HOMES, LOCAL_DISK_FULL, LOCAL_DISK_FAILED, NODE_REMOVED, DEADLINE -> true;
        };
    }

    /** What is told counts unless this node knows of something newer, as of which the answer is an old one or a lie (promise P4). */
    private NearAnswer told(
            Namespace namespace, Flights.Flight flight, Answer answer, Record record, Freshness freshness) {
        KeyRef ref = flight.ref;
        boolean confirmed = freshness.confirmed();
        // What comes late and unconfirmed is what the store fell back on when nobody answered.
        if (confirmed || time.nanos() - flight.beganNanos <= patienceNanos) {
            silence.broken();
        }
        long age = freshness.ageMillis();
        Entry told = Entry.answered(record, freshness, flight.beganNanos, flight.beganMillis, time.nanos());
        Entry before = near.lastKnown(ref);
        Entry known = before;
        if (before == null || !before.version().newerThan(record.version())) {
            known = confirmed || !record.tombstone() ? near.tell(ref, told) : told;
            if (flight.overtakes(record.version())) {
                near.doubt(ref, Version.MAX, told.toldNanos);
            }
        }
        if (known == null || !known.version().newerThan(record.version())) {
            counters.misses.increment();
            return new NearAnswer(answer, confirmed ? CacheStatus.MISS : CacheStatus.STALE, age);
        }
        if (known.toldNanos - flight.beganNanos >= 0 && known.source.equals(Entry.MEMORY)) {
            // It was written while this was asked for.
            counters.misses.increment();
            return new NearAnswer(known.answer(time.wallMillis()), CacheStatus.MISS, 0);
        }
        long wallMillis = time.wallMillis();
        if (!known.record.alive(wallMillis) && !confirmed) {
            return refused(new Refusal(
                    Reason.UNCONFIRMED_ABSENCE,
                    "The key was gone when this node last heard of it, and nobody vouches that it still is. Try again"
                            + " later."));
        }
        if (!known.record.alive(wallMillis)) {
            // What is known is that it was deleted: an absence agrees, and an older record proves nothing.
            counters.misses.increment();
            return new NearAnswer(known.answer(wallMillis), CacheStatus.MISS, 0);
        }
        counters.contradictions.increment();
        NearAnswer last = lastKnown(namespace, known, CacheStatus.STALE, "the homes know an older version only");
        if (last == null) {
            return refused(new Refusal(
                    Reason.UNCONFIRMED_ABSENCE,
                    "What the homes say of the key is older than what this node has seen of it. Try again later."));
        }
        counters.stale.increment();
        return last;
    }

    private NearAnswer lastKnownGood(Namespace namespace, KeyRef ref, Refusal why) {
        if (namespace.policy().onOutage() instanceof OnOutage.Closed) {
            return refused(why);
        }
        Entry entry = near.lastKnown(ref);
        NearAnswer last = entry == null ? null : lastKnown(namespace, entry, CacheStatus.STALE, why.sentence());
        if (last != null) {
            counters.stale.increment();
            return last;
        }
        if (namespace.policy().onOutage() instanceof OnOutage.Default(byte[] value)) {
            counters.defaults.increment();
            return new NearAnswer(
                    new Answer.Found(Record.of(Version.NONE, value), new Freshness("default", false, why.sentence())),
                    CacheStatus.STALE,
                    0);
        }
        return refused(why);
    }

    /** An entry as the last known good; null when it is none: an absence, expired, or older than the namespace allows. */
    private @Nullable NearAnswer lastKnown(Namespace namespace, Entry entry, CacheStatus status, String note) {
        if (entry.record.tombstone() || (entry.expires() && entry.record.expired(time.wallMillis()))) {
            return null;
        }
        long age = ageMillis(entry);
        boolean tooOld = namespace.policy().onOutage() instanceof OnOutage.Stale(var most) && age > most.toMillis();
        return tooOld ? null : new NearAnswer(entry.unconfirmed(note), status, age);
    }

    /** Since an entry was last known to be the newest. What comes from disk may be of another process, whose time is the wall clock. */
    private long ageMillis(Entry entry) {
        return entry.source.equals(Entry.DISK)
                ? Math.max(0, time.wallMillis() - entry.toldMillis)
                : Math.max(0, (time.nanos() - newestUntil(entry)) / 1_000_000);
    }

    /** Until when an entry is known to be the newest. */
    long newestUntil(Entry entry) {
        return entry.followed() ? entry.newestUntil(coverage.newestUntil(entry.toldNanos)) : entry.toldNanos;
    }

    private NearAnswer refused(Refusal why) {
        counters.refused.increment();
        return unavailable(why);
    }

    private static NearAnswer unavailable(Refusal why) {
        return new NearAnswer(new Answer.Unavailable(why), CacheStatus.MISS, 0);
    }
}

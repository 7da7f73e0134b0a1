package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store with near answers before it (promise P3). {@link #read} answers from memory while what is there is known to be the newest
 * within its time to live, asks otherwise, and gives the last known good when nobody can be asked. A time to live decides when to
 * ask again, never when to forget.
 *
 * <ul>
 *   <li>The newest version wins, wherever it comes from: an answer older than what is here is not believed (promise P4).
 *   <li>All writes and reads of this node pass here, so a reader sees what this node has acknowledged or shown before.
 *   <li>For each key one question is under way at most. One that a write has overtaken is not waited for by anybody new.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class NearStore implements Store {
    /**
     * For how many times to live what is heard of is believed without being asked for again. To hear of every change is what keeps it
     * the newest; asking bounds what a fault in that could do. Each key for each time to live would be most of an origin's load.
     */
    private static final int TTLS_HEARD = 10;

    private final Store store;
    private final Time time;
    private final Coverage coverage;
    private final Near near;
    private final Asking asking;
    private final PinnedReads pinned;
    private final Traffic traffic = new Traffic();

    /** @param coverage how far this node hears of changes that others make */
    public NearStore(Store store, Time time, EdgeConfig config, Coverage coverage, Near near) {
        this.store = store;
        this.time = time;
        this.coverage = coverage;
        this.near = near;
        this.asking = new Asking(store, time, config, coverage, near);
        this.pinned = new PinnedReads(time, coverage, near);
    }

    /**
     * The value of a key, from near if that is good enough.
     *
     * @param ttlNanos for how long an answer is good enough without asking again
     */
    public NearAnswer read(Namespace namespace, Key key, long ttlNanos) {
        NearAnswer copied = pinned.read(namespace, key, ttlNanos, false);
        if (copied != null) {
            return near(namespace, copied);
        }
        KeyRef ref = new KeyRef(namespace.id(), key);
        Entry entry = entry(namespace, ref);
        NearAnswer hit = entry == null ? null : hit(namespace, ref, entry, ttlNanos);
        if (hit != null) {
            return hit;
        }
        long began = time.nanos();
        NearAnswer asked = asking.ask(namespace, ref, entry);
        return traffic.asked(namespace.id(), asked, time.nanos() - began);
    }

    /**
     * The same for a client that has written or read through other nodes.
     *
     * @param session how far it has come: it sees all changes up to these positions
     */
    public NearAnswer read(Namespace namespace, Key key, long ttlNanos, List<Point> session) {
        if (session.isEmpty()) {
            return read(namespace, key, ttlNanos);
        }
        NearAnswer hit = atOnce(namespace, key, ttlNanos, session);
        if (hit != null) {
            return hit;
        }
        long began = time.nanos();
        KeyRef ref = new KeyRef(namespace.id(), key);
        // What another node's cache says may be older than what was heard here, and not noted since the key was not
        // here.
        NearAnswer asked = passed(session) ? asking.ask(namespace, ref, entry(namespace, ref)) : null;
        boolean aged = asked != null
                && asked.ageMillis() > 0
                && (asked.status() == CacheStatus.MISS || asked.status() == CacheStatus.HIT);
        NearAnswer answer = asked == null || aged ? asking.askNow(namespace, ref) : asked;
        return traffic.asked(namespace.id(), answer, time.nanos() - began);
    }

    private boolean passed(List<Point> session) {
        return session.stream().allMatch(coverage::passed);
    }

    /** Like {@link #read} if that needs nobody and nothing but memory, so that it may run on an I/O thread; otherwise null. */
    public @Nullable NearAnswer atOnce(Namespace namespace, Key key, long ttlNanos) {
        NearAnswer copied = pinned.read(namespace, key, ttlNanos, false);
        if (copied != null) {
            return near(namespace, copied);
        }
        KeyRef ref = new KeyRef(namespace.id(), key);
        Entry entry = entry(namespace, ref);
        return entry == null ? null : hit(namespace, ref, entry, ttlNanos);
    }

    private NearAnswer near(Namespace namespace, NearAnswer answer) {
        traffic.near(namespace.id(), answer.status());
        return answer;
    }

    private @Nullable Entry entry(Namespace namespace, KeyRef ref) {
        return namespace.policy().pinned() ? near.getBesideCopy(ref) : near.get(ref);
    }

    /** The same for a client that has written or read through other nodes. */
    public @Nullable NearAnswer atOnce(Namespace namespace, Key key, long ttlNanos, List<Point> session) {
        if (session.isEmpty()) {
            return atOnce(namespace, key, ttlNanos);
        }
        boolean passed = passed(session);
        NearAnswer copied = passed ? pinned.read(namespace, key, ttlNanos, true) : null;
        if (copied != null) {
            return near(namespace, copied);
        }
        KeyRef ref = new KeyRef(namespace.id(), key);
        Entry entry = passed ? entry(namespace, ref) : null;
        // What was told before a gap of the feed may lack what the session has seen, though all is heard again by now.
        return entry == null || !entry.followed() || coverage.missedSince(entry.toldNanos)
                ? null
                : hit(namespace, ref, entry, ttlNanos);
    }

    private @Nullable NearAnswer hit(Namespace namespace, KeyRef ref, Entry entry, long ttlNanos) {
        if (asking.doubtful(entry)) {
            return null;
        }
        long now = time.nanos();
        long told = now - entry.toldNanos;
        long until = asking.newestUntil(entry);
        // Who wants no answer during an outage wants one that was asked for, not one that would have been heard of.
        long age = namespace.policy().onOutage() instanceof OnOutage.Closed ? told : now - until;
        if (age >= ttlNanos) {
            return null;
        }
        boolean longAgo = told / TTLS_HEARD >= ttlNanos;
        if (age >= ttlNanos - ttlNanos / 5) {
            // Another node's cache may be kept by the same feed, and by the fault in it.
            asking.refresh(namespace, ref, entry, longAgo ? ReadMode.CONFIRMED : ReadMode.CACHED);
        } else if (longAgo) {
            asking.confirm(namespace, ref, entry);
        }
        if (told >= ttlNanos) {
            near.keepNewest(ref, entry, until, ttlNanos);
        }
        near.counters().hits.increment();
        return near(
                namespace,
                new NearAnswer(
                        entry.answer(entry.expires() ? time.wallMillis() : 0),
                        CacheStatus.HIT,
                        Math.max(0, age) / 1_000_000));
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        KeyRef ref = new KeyRef(namespace, key);
        long beganNanos = time.nanos();
        long beganMillis = time.wallMillis();
        try (Flights.Overtaken overtaken = near.flights().watch(ref)) {
            Answer answer = store.get(namespace, key, mode);
            Entry shown = shown(answer, beganNanos, beganMillis);
            if (shown != null) {
                learned(ref, shown, overtaken);
            }
            return traffic.asked(namespace, answer, time.nanos() - beganNanos);
        }
    }

    /** What an answer shows, doubtful if nobody vouches for it; null for nothing, and for an absence that nobody vouches for. */
    private static @Nullable Entry shown(Answer answer, long beganNanos, long beganMillis) {
        return switch (answer) {
            case Answer.Found(Record record, Freshness freshness) -> {
                Entry found = new Entry(record, beganNanos, beganMillis, Entry.MEMORY);
                if (!freshness.confirmed()) {
                    found.doubt(beganNanos, beganNanos);
                }
                yield found;
            }
            case Answer.Missing(Version asOf, Freshness freshness)
            when freshness.confirmed() -> new Entry(Record.tombstone(asOf), beganNanos, beganMillis, Entry.MEMORY);
            case Answer.Missing _, Answer.Unavailable _ -> null;
        };
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return write(
                new KeyRef(namespace.id(), key),
                () -> store.put(namespace, key, value, metadata, expiration, condition),
                version -> Record.of(version, expiration, metadata, value));
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return write(new KeyRef(namespace.id(), key), () -> store.delete(namespace, key, condition), Record::tombstone);
    }

    @Override
    public Written restore(Namespace namespace, Key key, Record record) {
        return write(new KeyRef(namespace.id(), key), () -> store.restore(namespace, key, record), _ -> record);
    }

    /** @param record what the key holds then, at the version that the write was given */
    private Written write(KeyRef ref, Supplier<Written> work, Function<Version, Record> record) {
        long beganNanos = time.nanos();
        long beganMillis = time.wallMillis();
        try (Flights.Overtaken overtaken = near.flights().watch(ref)) {
            Written written = work.get();
            if (written instanceof Written.Acknowledged(Receipt receipt)) {
                Record made = record.apply(receipt.version());
                Entry entry = new Entry(made, beganNanos, beganMillis, Entry.MEMORY);
                near.pinned().wrote(ref, entry);
                learned(ref, entry, overtaken);
            } else {
                notWritten(ref, written, beganNanos);
            }
            return traffic.asked(ref.namespace(), written, time.nanos() - beganNanos);
        }
    }

    /** What has passed through this node, written or shown: from now on nobody here is given anything older. */
    private void learned(KeyRef ref, Entry entry, Flights.Overtaken overtaken) {
        // First, so that nobody who comes after this and finds the entry gone again waits for an answer from before.
        asking.overtaken(ref, entry.version());
        Entry known = near.lastKnown(ref);
        if (known != null && known.version().newerThan(entry.version())) {
            // The answer was long on its way. What has been shown since stays, if on disk only.
            return;
        }
        near.tell(ref, entry);
        if (overtaken.by(entry.version())) {
            near.doubt(ref, Version.MAX, entry.toldNanos);
        }
    }

    /** What the write came to can only be learned by asking. */
    private void notWritten(KeyRef ref, Written written, long beganNanos) {
        switch (written) {
            case Written.ConditionFailed(Version current) ->
                near.doubt(ref, current == null ? Version.MAX : current, beganNanos);
            case Written.Unknown _ -> near.doubt(ref, Version.MAX, beganNanos);
            case Written.Refused _, Written.Acknowledged _ -> {}
        }
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        long beganNanos = time.nanos();
        Listing listing = store.list(namespace, prefix, after, limit);
        if (listing instanceof Listing.Keys page) {
            for (Listed listed : page.keys()) {
                near.doubt(new KeyRef(namespace, listed.key()), listed.head().version(), beganNanos);
            }
        }
        return traffic.asked(namespace, listing, time.nanos() - beganNanos);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return store.explain(namespace, key);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    /** What becomes of requests. */
    public Traffic traffic() {
        return traffic;
    }

    /** The near cache as it is; from memory. */
    public EdgeStatus edge() {
        return near.status();
    }

    /** The copies of pinned namespaces as they are; looks at those of their keys that expire. */
    public List<PinnedStatus> pinned() {
        return near.pinned().status();
    }
}

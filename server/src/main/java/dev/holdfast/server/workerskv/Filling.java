package dev.holdfast.server.workerskv;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Holds;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Time;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills a namespace from its upstream, key by key as they are asked for. What was written or deleted here always wins:
 *
 * <ul>
 *   <li>What comes from there is kept at a version older than all that was ever written here, so that every home prefers what was.
 *       What has expired at such a version is no deletion, and is asked for again ({@link FillVersion}).
 *   <li>From before the first read there, no tombstone of the namespace is collected ({@link Holds}). So an absence as of later than that is a
 *       deletion, and is not asked for again.
 *   <li>An absence that nobody vouches for stays one: the key may have been deleted, or be newer, at the home that is away.
 * </ul>
 *
 * <p>For each key one request is under way at a time. Thread-safe.
 */
final class Filling {
    private final Upstream upstream;
    private final Store store;
    private final SystemRecords records;
    private final Time time;
    private final Map<KeyRef, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();
    private volatile @Nullable Floor floor;

    /**
     * The collection floor, which every absence is at least as of; it does not rise any more, but for a pass that was under way.
     *
     * @param heldAt when tombstones were seen to be held, in milliseconds since the Unix epoch
     */
    private record Floor(NamespaceId namespace, Version version, long heldAt) {}

    /** @param records that hold back collection */
    Filling(Upstream upstream, Store store, SystemRecords records, Time time) {
        this.upstream = upstream;
        this.store = store;
        this.records = records;
        this.time = time;
    }

    Upstream upstream() {
        return upstream;
    }

    /** What a key holds of which the store has said that there is none. */
    Answer filled(Namespace namespace, Key key, Answer.Missing missing) {
        if (!missing.freshness().confirmed()) {
            return missing;
        }
        Version since = since(namespace, missing.asOf());
        if (since == null) {
            return unavailable("what was deleted here is, or may be, forgotten", 1);
        }
        if (missing.asOf().newerThan(since) && !FillVersion.is(missing.asOf(), since)) {
            return missing;
        }
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        KeyRef ref = new KeyRef(namespace.id(), key);
        CompletableFuture<Answer> other = underWay.putIfAbsent(ref, mine);
        if (other != null) {
            return other.join();
        }
        try {
            mine.complete(asked(namespace, key, missing, since));
        } finally {
            underWay.remove(ref, mine);
            mine.complete(unavailable("the node is stopping", 1));
        }
        return mine.join();
    }

    private Answer asked(Namespace namespace, Key key, Answer.Missing missing, Version since) {
        try {
            Optional<Content> content = upstream.read(key);
            if (content.isEmpty()) {
                return new Answer.Missing(missing.asOf(), freshness("it has no such key either"));
            }
            Content held = content.get();
            if (held.metadata().length > Limits.METADATA_BYTES || held.value().length > Limits.VALUE_BYTES) {
                return unavailable("what it holds is larger than a key can hold here", 60);
            }
            Record record = Record.of(
                    FillVersion.next(missing.asOf(), since), held.expiration(), held.metadata(), held.value());
            return record.alive(time.wallMillis())
                    ? kept(namespace, key, record)
                    : new Answer.Missing(missing.asOf(), freshness("it has expired there"));
        } catch (WorkersKvFault fault) {
            return unavailable(
                    fault.getMessage() == null ? "" : fault.getMessage(), (int) Math.max(1, fault.retrySeconds()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return unavailable("the node is stopping", 1);
        }
    }

    private Answer kept(Namespace namespace, Key key, Record record) {
        Written written = store.restore(namespace, key, record);
        if (written instanceof Written.ConditionFailed) {
            // Written or deleted here meanwhile; or an earlier one from there has expired here and was renewed there.
            Answer now = store.get(namespace.id(), key, ReadMode.FRESH);
            if (!(now instanceof Answer.Missing(Version asOf, Freshness known))
                    || !known.confirmed()
                    || asOf.newerThan(record.version())) {
                return now;
            }
            written = store.put(
                    namespace, key, record.value(), record.metadata(), record.expiration(), new Condition.Absent());
        }
        return switch (written) {
            case Written.Acknowledged(var receipt) ->
                new Answer.Found(record.at(receipt.version()), freshness("read there just now, and kept here"));
            case Written.ConditionFailed _ -> store.get(namespace.id(), key, ReadMode.FRESH);
            case Written.Refused refused -> new Answer.Unavailable(refused.why());
            case Written.Unknown unknown -> new Answer.Unavailable(unknown.why());
        };
    }

    /**
     * What is absent as of later was deleted here.
     *
     * @return null when tombstones are not held, or cannot be now
     */
    private @Nullable Version since(Namespace namespace, Version asOf) {
        Floor known = floor;
        if (known == null || !known.namespace().equals(namespace.id())) {
            Version first = Holds.hold(records, namespace.id()) ? collectedUpTo(namespace) : null;
            if (first != null) {
                floor = new Floor(namespace.id(), first, time.wallMillis());
            }
            return first;
        }
        Version risen = asOf.newerThan(known.version()) ? collectedUpTo(namespace) : known.version();
        if (risen == null || !risen.newerThan(known.version())) {
            return risen;
        }
        // However long it takes, a pass that began before the hold collects nothing that was deleted after it.
        boolean before = risen.millis() <= known.heldAt();
        if (!before || !Holds.held(records, namespace.id()).orElse(false)) {
            // Somebody has ended the hold: which absences are deletions is not known any more.
            return null;
        }
        floor = new Floor(namespace.id(), risen, known.heldAt());
        return risen;
    }

    /** Of a key that was never there, the absence is as of the floor. */
    private @Nullable Version collectedUpTo(Namespace namespace) {
        Key nobodys =
                Key.of("nobody's/" + HexFormat.of().toHexDigits(time.random().nextLong()));
        return store.get(namespace.id(), nobodys, ReadMode.FRESH) instanceof Answer.Missing(Version at, Freshness known)
                        && known.confirmed()
                ? Version.newest(at, Version.atMillis(namespace.createdAt()))
                : null;
    }

    private Freshness freshness(String note) {
        return new Freshness("upstream " + upstream.name(), true, note);
    }

    private Answer unavailable(String why, int retrySeconds) {
        return new Answer.Unavailable(new Refusal(
                Reason.UNCONFIRMED_ABSENCE,
                "the key is not here yet, and upstream " + upstream.name() + " does not say whether it has it: " + why,
                retrySeconds));
    }
}

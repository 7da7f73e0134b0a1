package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One map as a store, which can be told to be in trouble. Thread-safe. */
public final class MemoryStore implements Store {
    private final Map<NamespaceId, ConcurrentNavigableMap<Key, Record>> records = new ConcurrentHashMap<>();
    private final AtomicLong versions = new AtomicLong(1);
    private final Time time;

    /** When set, reads and lists are unavailable for this reason. */
    public volatile @Nullable Refusal noReads;
    /** When set, writes are refused for this reason. */
    public volatile @Nullable Refusal noWrites;
    /** When set, writes happen, and nobody knows. */
    public volatile @Nullable Refusal unknownWrites;
    /** Whether absences are vouched for. */
    public volatile boolean confirmed = true;
    /** How many pages of a listing come back empty first, with more to come. */
    public final AtomicInteger emptyPages = new AtomicInteger();
    /** Writes that were asked for. */
    public final AtomicInteger writes = new AtomicInteger();

    public MemoryStore(Time time) {
        this.time = time;
    }

    private ConcurrentNavigableMap<Key, Record> of(NamespaceId namespace) {
        return records.computeIfAbsent(namespace, _ -> new ConcurrentSkipListMap<>());
    }

    private Freshness freshness() {
        return new Freshness("memory", confirmed, "");
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        Refusal refusal = noReads;
        if (refusal != null) {
            return new Answer.Unavailable(refusal);
        }
        Record record = of(namespace).get(key);
        return record != null && record.alive(time.wallMillis())
                ? new Answer.Found(record, freshness())
                : new Answer.Missing(Version.NONE, freshness());
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        Version version = new Version(versions.getAndIncrement());
        return write(namespace, key, Record.of(version, expiration, metadata, value));
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return write(namespace, key, Record.tombstone(new Version(versions.getAndIncrement())));
    }

    private Written write(Namespace namespace, Key key, Record record) {
        writes.incrementAndGet();
        Refusal refusal = noWrites;
        if (refusal != null) {
            return new Written.Refused(refusal);
        }
        of(namespace.id()).put(key, record);
        Refusal unknown = unknownWrites;
        return unknown != null
                ? new Written.Unknown(unknown)
                : new Written.Acknowledged(new Receipt(
                        record.version(),
                        List.of(),
                        List.of(),
                        1,
                        true,
                        new Point("memory", new ChangeLog.Position(1, 1))));
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        Refusal refusal = noReads;
        if (refusal != null) {
            return new Listing.Unavailable(refusal);
        }
        if (emptyPages.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return new Listing.Keys(List.of(), after == null ? Key.of(new byte[] {1}) : after, confirmed);
        }
        List<Listed> page = new ArrayList<>();
        for (Map.Entry<Key, Record> entry : of(namespace).entrySet()) {
            Key key = entry.getKey();
            Record record = entry.getValue();
            boolean wanted = key.startsWith(prefix) && (after == null || key.compareTo(after) > 0);
            if (!wanted || !record.alive(time.wallMillis())) {
                continue;
            }
            if (page.size() == limit) {
                return new Listing.Keys(page, page.getLast().key(), confirmed);
            }
            page.add(new Listed(
                    key,
                    new Head(
                            record.version(),
                            false,
                            record.expiration(),
                            record.metadata(),
                            record.value().length,
                            0)));
        }
        return new Listing.Keys(page, null, confirmed);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }
}

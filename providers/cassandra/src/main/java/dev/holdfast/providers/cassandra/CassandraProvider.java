package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A provider in a keyspace of a Cassandra cluster. Any number of nodes may use one keyspace at the same time. How records lie
 * there: docs/on-provider-format.md; why so: docs/adr/0029.
 *
 * <p>Thread-safe.
 */
public final class CassandraProvider implements Provider {
    private static final Duration MAY_TAKE = Duration.ofMillis(100);
    private static final int BUCKETS_AT_ONCE = 16;
    private static final int KEYS_A_CALL = 8;
    private final String name;
    private final FailureDomain domain;
    private final Time time;
    private final Connection connection;
    private final Places places;
    private final Lanes lanes;

    private CassandraProvider(String name, CassandraSettings settings, FailureDomain domain, Time time) {
        this.name = name;
        this.domain = domain;
        this.time = time;
        this.connection = new Connection(name, settings, time);
        this.places = new Places(name, settings, time);
        Commits commits =
                new Commits(connection, places, time, settings.requestTimeout().toNanos());
        this.lanes = new Lanes(time, commits::commit);
    }

    /** Opens nothing and makes nothing: the cluster is connected to when it is first asked, and whenever it is back. */
    public static CassandraProvider open(String name, CassandraSettings settings, FailureDomain domain, Time time) {
        return new CassandraProvider(name, settings, domain, time);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    /** Nobody while it is not connected. */
    @Override
    public Login login() {
        return connection.login();
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        return connection.call(cluster -> places.look(cluster).map(Place::identity));
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        return connection.call(cluster -> places.initialise(cluster, identity)).identity();
    }

    @Override
    public Vitals probe() throws ProviderFault {
        return connection.call(cluster -> {
            Place place = places.current(cluster);
            places.requireThere(cluster, place);
            return new Vitals(place.identity(), HighWater.read(cluster, place), Long.MAX_VALUE);
        });
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        byte[] encoded = RecordFormat.encode(namespace, key, record);
        Bucket bucket = bucket(namespace, key);
        UUID writing = StoredRow.NO_CHUNKS;
        if (StoredRow.chunked(record)) {
            Optional<Put> refused = connection.call(cluster -> refused(cluster, bucket, key, record, vouched));
            if (refused.isPresent()) {
                return refused.get();
            }
            UUID made = new UUID(time.random().nextLong(), time.random().nextLong());
            connection.call(cluster -> {
                int from = StoredRow.headBytes(record);
                Chunks.write(cluster, bucket.place(), namespace, key, record.version(), encoded, from, made);
                return true;
            });
            writing = made;
        }
        Change.PutRecord put = new Change.PutRecord(
                key,
                record,
                StoredRow.of(namespace, key, record, encoded, writing),
                vouched,
                new CompletableFuture<>());
        offer(bucket, put);
        return Faults.await(put.outcome());
    }

    /** What a put comes to that need not be carried out. Spares the writing of chunks. */
    private static Optional<Put> refused(Cluster cluster, Bucket bucket, Key key, Record record, boolean vouched)
            throws ProviderFault {
        Records.Seen seen = Records.heads(cluster, bucket, List.of(key));
        StoredRow row = seen.rows().get(key);
        if (row == null) {
            boolean taken = vouched || record.version().newerThan(seen.floor());
            return taken ? Optional.empty() : Optional.of(new Put(false, seen.floor()));
        }
        Version there = Records.headVersion(bucket.namespace(), key, row);
        return there != null && there.newerThan(record.version())
                ? Optional.of(new Put(false, there))
                : Optional.empty();
    }

    private void offer(Bucket bucket, Change change) throws ProviderFault {
        if (!lanes.offer(bucket, change)) {
            throw new ProviderFault(
                    FaultKind.THROTTLED, "too many changes of one bucket of keys wait at provider " + name);
        }
    }

    private Bucket bucket(NamespaceId namespace, Key key) throws ProviderFault {
        return Bucket.of(connection.call(places::current), namespace, key);
    }

    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        Place place = places.known();
        if (place == null || connection.closed() || StoredRow.chunked(record)) {
            return false;
        }
        byte[] encoded = RecordFormat.encode(namespace, key, record);
        CompletableFuture<Put> outcome = new CompletableFuture<>();
        StoredRow row = StoredRow.of(namespace, key, record, encoded, StoredRow.NO_CHUNKS);
        if (!lanes.offer(Bucket.of(place, namespace, key), new Change.PutRecord(key, record, row, vouched, outcome))) {
            return false;
        }
        CompletableFuture<Put> _ = outcome.whenComplete((put, failure) -> {
            if (failure == null) {
                reply.answered(put);
            } else {
                reply.failed(Faults.of(failure));
            }
        });
        return true;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        return connection.call(cluster -> {
            Bucket bucket = Bucket.of(places.current(cluster), namespace, key);
            Records.Seen seen = Records.whole(cluster, bucket, key);
            if (!seen.made()) {
                seen = unmade(cluster, bucket, List.of(key), true);
            }
            StoredRow row = seen.rows().get(key);
            try {
                Record record = row == null ? null : Records.record(cluster, bucket, key, row);
                return record == null ? new Lookup.Missing(seen.floor()) : new Lookup.Present(record);
            } catch (DamagedRecord e) {
                throw damaged(e);
            }
        });
    }

    /**
     * Looks once more for a bucket that was not there. The floor has to be read before it: one that is raised afterwards says
     * nothing about what was read.
     */
    private Records.Seen unmade(Cluster cluster, Bucket bucket, List<Key> keys, boolean whole) throws ProviderFault {
        places.requireThere(cluster, bucket.place());
        Version floor =
                Directory.floors(cluster, bucket.place(), bucket.namespace()).floor();
        Records.Seen again = whole ? Records.whole(cluster, bucket, keys) : Records.heads(cluster, bucket, keys);
        return again.made() ? again : again.withFloor(floor);
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return connection.call(cluster -> {
            Bucket bucket = Bucket.of(places.current(cluster), namespace, key);
            Records.Seen seen = Records.heads(cluster, bucket, List.of(key));
            if (!seen.made()) {
                seen = unmade(cluster, bucket, List.of(key), false);
            }
            StoredRow row = seen.rows().get(key);
            try {
                return row == null
                        ? new Sighting(false, seen.floor())
                        : new Sighting(true, row.head(namespace, key).version());
            } catch (DamagedRecord e) {
                throw damaged(e);
            }
        });
    }

    @Override
    public Duration mayTake() {
        return MAY_TAKE;
    }

    /** About what it was measured at: the changes of a bucket that wait are agreed on together, up to a bound, and so are reads of one. */
    @Override
    public int keysACall() {
        return KEYS_A_CALL;
    }

    /** Sees what one bucket holds of some keys. */
    private interface Seeing {
        void see(Cluster cluster, Bucket bucket, List<Key> keys, Records.Seen seen) throws ProviderFault;
    }

    private void look(NamespaceId namespace, List<Key> keys, boolean whole, Seeing seeing) throws ProviderFault {
        connection.call(cluster -> {
            Place place = places.current(cluster);
            Map<Bucket, List<Key>> byBucket = new LinkedHashMap<>();
            keys.forEach(key -> byBucket.computeIfAbsent(Bucket.of(place, namespace, key), b -> new ArrayList<>())
                    .add(key));
            for (Map.Entry<Bucket, List<Key>> each : byBucket.entrySet()) {
                List<Key> all = each.getValue();
                for (int from = 0; from < all.size(); from += Lanes.MOST_KEYS) {
                    List<Key> some = all.subList(from, Math.min(all.size(), from + Lanes.MOST_KEYS));
                    Bucket bucket = each.getKey();
                    Records.Seen seen =
                            whole ? Records.whole(cluster, bucket, some) : Records.heads(cluster, bucket, some);
                    seeing.see(cluster, bucket, some, seen.made() ? seen : unmade(cluster, bucket, some, whole));
                }
            }
            return true;
        });
    }

    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Map<Key, Lookup> found = new HashMap<>();
        look(namespace, keys, true, (cluster, bucket, some, seen) -> {
            for (Key key : some) {
                StoredRow row = seen.rows().get(key);
                try {
                    Record record = row == null ? null : Records.record(cluster, bucket, key, row);
                    found.put(key, record == null ? new Lookup.Missing(seen.floor()) : new Lookup.Present(record));
                } catch (DamagedRecord e) {
                    found.remove(key);
                }
            }
        });
        return found;
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        SortedMap<Key, Row> rows = new TreeMap<>();
        SortedSet<Key> damaged = new TreeSet<>();
        look(namespace, keys, false, (cluster, bucket, some, seen) -> {
            for (Key key : some) {
                StoredRow row = seen.rows().get(key);
                if (row != null) {
                    try {
                        rows.put(key, new Row(key, row.head(namespace, key)));
                    } catch (DamagedRecord e) {
                        damaged.add(key);
                    }
                }
            }
        });
        return new Page(List.copyOf(rows.values()), true, List.copyOf(damaged));
    }

    /** All wait in their lanes at the same time, which are emptied by many rows at a time. */
    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        Map<Key, Put> done = new HashMap<>();
        List<Change.PutRecord> waiting = new ArrayList<>();
        Place place = connection.call(places::current);
        for (Map.Entry<Key, Record> each : records.entrySet()) {
            Key key = each.getKey();
            Record record = each.getValue();
            if (StoredRow.chunked(record)) {
                done.put(key, put(namespace, key, record, vouched));
                continue;
            }
            byte[] encoded = RecordFormat.encode(namespace, key, record);
            StoredRow row = StoredRow.of(namespace, key, record, encoded, StoredRow.NO_CHUNKS);
            Change.PutRecord put = new Change.PutRecord(key, record, row, vouched, new CompletableFuture<>());
            offer(Bucket.of(place, namespace, key), put);
            waiting.add(put);
        }
        for (Change.PutRecord put : waiting) {
            done.put(put.key(), Faults.await(put.outcome()));
        }
        return done;
    }

    private ProviderFault damaged(DamagedRecord e) {
        return new ProviderFault(FaultKind.CORRUPT, "provider " + name + " holds a damaged record: " + e.getMessage());
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        return connection.call(cluster -> {
            Place place = places.current(cluster);
            Page page = new Scan(cluster, place, namespace, prefix, after, limit).page();
            if (page.rows().isEmpty() && page.damaged().isEmpty()) {
                places.requireThere(cluster, place);
            }
            return page;
        });
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return connection.call(cluster -> {
            Place place = places.current(cluster);
            places.requireThere(cluster, place);
            return Directory.floors(cluster, place, namespace).floor();
        });
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        Place place = connection.call(places::current);
        if (!floor.newerThan(floor(namespace))) {
            return;
        }
        List<ByteBuffer> buckets = connection.call(cluster -> {
            Directory.want(cluster, place, namespace, floor);
            return Directory.buckets(cluster, place, namespace, Blobs.NOTHING, Directory.AFTER_ALL);
        });
        List<Change.RaiseFloor> underWay = new ArrayList<>();
        for (ByteBuffer start : buckets) {
            if (underWay.size() == BUCKETS_AT_ONCE) {
                Faults.await(underWay.removeFirst().outcome());
            }
            Change.RaiseFloor raise = new Change.RaiseFloor(floor, new CompletableFuture<>());
            offer(new Bucket(place, namespace, start), raise);
            underWay.add(raise);
        }
        for (Change.RaiseFloor raise : underWay) {
            Faults.await(raise.outcome());
        }
        connection.call(cluster -> {
            Directory.raise(cluster, place, namespace, floor);
            return true;
        });
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        Place place = connection.call(places::current);
        Map<Bucket, List<Exact>> byBucket = new LinkedHashMap<>();
        for (Exact row : rows) {
            byBucket.computeIfAbsent(Bucket.of(place, namespace, row.key()), b -> new ArrayList<>())
                    .add(row);
        }
        int collected = 0;
        for (Map.Entry<Bucket, List<Exact>> each : byBucket.entrySet()) {
            List<Exact> all = each.getValue();
            for (int from = 0; from < all.size(); from += Lanes.MOST_KEYS) {
                List<Exact> some = List.copyOf(all.subList(from, Math.min(all.size(), from + Lanes.MOST_KEYS)));
                Change.Collect collect = new Change.Collect(some, new CompletableFuture<>());
                offer(each.getKey(), collect);
                collected += Faults.await(collect.outcome());
            }
        }
        return collected;
    }

    /** Lets go of the cluster. What is under way fails. */
    @Override
    public void close() {
        connection.close();
    }
}

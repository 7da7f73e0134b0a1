package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A provider in one directory of this machine. Writes go through one committer, which syncs once for all that wait; reads run
 * on the calling thread. How records lie in the database: docs/on-provider-format.md.
 *
 * <p>Thread-safe.
 */
public final class RocksProvider implements Provider {
    static final int DATA = 0;
    static final int META = 1;
    private static final List<String> FAMILIES = List.of("default", "meta");

    /** A record up to this size is verified as a whole when it is sighted; of a larger one only the beginning is copied. */
    private static final int SIGHT_BYTES = 1024;

    private static final int KEYS_A_CALL = 16;

    /** Where the database is, how it is kept, and what to call it. */
    public record Location(String name, String region, Path directory, RocksSettings settings) {}

    private final Location location;
    private final FailureDomain domain;
    private final Committer<Change> committer;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile State state;

    /** What is at the location. */
    private sealed interface State {
        record Open(Store store) implements State {}

        /** Nothing, or nothing of ours. */
        record None() implements State {}

        /** Something that could not be opened. */
        record Broken(ProviderFault fault) implements State {}
    }

    /** An open place with what is kept of it in memory. */
    private static final class Store {
        private static final byte[] HIGH_WATER = "high-water".getBytes(StandardCharsets.UTF_8);
        final Place place;
        final Floors floors;
        private Version highWater;

        Store(Place place) throws ProviderFault {
            this.place = place;
            try {
                this.floors = Floors.read(place);
                this.highWater = readHighWater();
            } catch (ProviderFault e) {
                place.close();
                throw e;
            }
        }

        Version readHighWater() throws ProviderFault {
            byte[] bytes = place.get(META, HIGH_WATER);
            return bytes == null ? Version.NONE : Floors.version(bytes);
        }

        /** On the committer's thread only. */
        void commit(List<Change> group) throws ProviderFault {
            place.unstick();
            List<Change> allowed = place.roomFor(group, Change.PutRecord.class::isInstance);
            Database in = place.enter();
            try (WriteBatch batch = new WriteBatch()) {
                Decision decision = new Decision(in, floors, highWater, batch);
                for (Change change : allowed) {
                    decision.decide(change);
                }
                if (decision.highest().newerThan(highWater)) {
                    batch.put(in.family(META), HIGH_WATER, Floors.bytes(decision.highest()));
                }
                if (batch.count() == 0) {
                    place.requireThere();
                    return;
                }
                place.write(in, batch);
                floors.raise(decision.raised());
                highWater = decision.highest();
            } catch (RocksDBException e) {
                throw Faults.of("reading from", place.directory(), e);
            } finally {
                in.leave();
            }
        }
    }

    private RocksProvider(Location location, FailureDomain domain, State state, Time time) {
        this.location = location;
        this.domain = domain;
        this.state = state;
        this.committer = new Committer<>("commit-" + location.name, Change.class, time, this::commit);
    }

    /**
     * Opens what is at the location; makes nothing. A place that is not there, or cannot be opened, is what the provider's
     * answers say.
     *
     * @throws ProviderFault when the database is in use by another process
     */
    public static RocksProvider open(Location location, Time time) throws ProviderFault {
        return open(location, new Disk(location.directory).failureDomain(location.region), time);
    }

    /** Like {@link #open(Location, Time)}, where the operator knows the failure domain better than the disk tells it. */
    public static RocksProvider open(Location location, FailureDomain domain, Time time) throws ProviderFault {
        State state = look(location);
        if (state instanceof State.Broken broken && Faults.inUse(broken.fault)) {
            throw broken.fault;
        }
        return new RocksProvider(location, domain, state, time);
    }

    private static State look(Location location) {
        try {
            Optional<Place> place = Place.open(location.directory, FAMILIES, META, location.settings);
            return place.isPresent() ? new State.Open(new Store(place.get())) : new State.None();
        } catch (ProviderFault e) {
            return new State.Broken(e);
        }
    }

    @Override
    public String name() {
        return location.name;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public boolean holdsThread() {
        return true;
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        lookAgain();
        return switch (state) {
            case State.None none -> Optional.empty();
            case State.Broken broken -> throw broken.fault;
            case State.Open open -> {
                try {
                    open.store.place.requireThere();
                    yield Optional.of(open.store.place.identity());
                } catch (ProviderFault e) {
                    if (e.kind() == FaultKind.ROLLED_BACK) {
                        yield Optional.empty();
                    }
                    throw e;
                }
            }
        };
    }

    /** A database that could not be opened may be by now. */
    private void lookAgain() {
        if (state instanceof State.Broken) {
            changing.lock();
            try {
                if (state instanceof State.Broken) {
                    state = look(location);
                }
            } finally {
                changing.unlock();
            }
        }
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        changing.lock();
        try {
            Optional<Identity> there = identity();
            if (there.isPresent()) {
                return there.get();
            }
            State before = state;
            state = new State.None();
            if (before instanceof State.Open open) {
                open.store.place.close();
            }
            state = new State.Open(
                    new Store(Place.create(location.directory, FAMILIES, META, location.settings, identity)));
            return identity;
        } finally {
            changing.unlock();
        }
    }

    private Store store() throws ProviderFault {
        return switch (state) {
            case State.Open open -> open.store;
            case State.Broken broken -> throw broken.fault;
            case State.None none ->
                throw new ProviderFault(
                        FaultKind.ROLLED_BACK,
                        "there is no database of provider " + location.name + " in " + location.directory);
        };
    }

    private void commit(List<Change> group) throws ProviderFault {
        store().commit(group);
    }

    @Override
    public Vitals probe() throws ProviderFault {
        lookAgain();
        Store store = store();
        store.place.requireThere();
        return new Vitals(store.place.identity(), store.readHighWater(), store.place.freeBytes());
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Change.PutRecord put = new Change.PutRecord(namespace, key, record, vouched, null);
        committer.commit(put);
        return put.outcome;
    }

    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        return committer.offer(new Change.PutRecord(namespace, key, record, vouched, reply));
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Store store = store();
        // Before the read: a floor that is raised after it says nothing about what was read.
        Version floor = store.floors.of(namespace);
        byte[] bytes = store.place.get(DATA, DataKey.of(namespace, key.bytes()));
        if (bytes == null) {
            return new Lookup.Missing(floor);
        }
        try {
            return new Lookup.Present(RecordFormat.decode(namespace, key, bytes));
        } catch (DamagedRecord e) {
            throw damaged(e);
        }
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        Store store = store();
        Version floor = store.floors.of(namespace);
        byte[] beginning = new byte[SIGHT_BYTES];
        int size = store.place.peek(DATA, DataKey.of(namespace, key.bytes()), beginning);
        if (size < 0) {
            return new Sighting(false, floor);
        }
        try {
            return new Sighting(
                    true,
                    size <= SIGHT_BYTES
                            ? RecordFormat.head(namespace, key, Arrays.copyOf(beginning, size))
                                    .version()
                            : RecordFormat.peekVersion(beginning, SIGHT_BYTES));
        } catch (DamagedRecord e) {
            throw damaged(e);
        }
    }

    private ProviderFault damaged(DamagedRecord e) {
        return new ProviderFault(
                FaultKind.CORRUPT, "provider " + location.name + " holds a damaged record: " + e.getMessage());
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        byte[] beginning = DataKey.of(namespace, prefix);
        byte[] from = after == null ? beginning : DataKey.next(DataKey.of(namespace, after.bytes()));
        if (Arrays.compareUnsigned(from, beginning) < 0) {
            from = beginning;
        }
        PageBuilder page = new PageBuilder(namespace, limit);
        boolean all = store().place.scan(DATA, from, DataKey.afterAll(beginning), page);
        requireWanted();
        return page.build(all);
    }

    /** About what it was measured at: most of a call is its sync, or its way to the disk, and those are shared. */
    @Override
    public int keysACall() {
        return KEYS_A_CALL;
    }

    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Store store = store();
        Version floor = store.floors.of(namespace);
        List<byte @Nullable []> values;
        try {
            values = read(store, namespace, keys);
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                // A block is damaged: not all of the keys lie in it.
                return Provider.super.getAll(namespace, keys);
            }
            throw fault;
        }
        Map<Key, Lookup> found = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] bytes = values.get(i);
            try {
                found.put(
                        keys.get(i),
                        bytes == null
                                ? new Lookup.Missing(floor)
                                : new Lookup.Present(RecordFormat.decode(namespace, keys.get(i), bytes)));
            } catch (DamagedRecord e) {
                found.remove(keys.get(i));
            }
        }
        return found;
    }

    private static List<byte @Nullable []> read(Store store, NamespaceId namespace, List<Key> keys)
            throws ProviderFault {
        return store.place.getAll(
                DATA,
                keys.stream().map(key -> DataKey.of(namespace, key.bytes())).toList());
    }

    /** All in the committer's queue at once, which syncs once for them. */
    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        List<Change.PutRecord> puts = new ArrayList<>();
        for (Map.Entry<Key, Record> each : records.entrySet()) {
            puts.add(new Change.PutRecord(namespace, each.getKey(), each.getValue(), vouched, null));
        }
        for (Change.PutRecord put : puts) {
            committer.queue(put);
        }
        Map<Key, Put> done = new HashMap<>();
        for (Change.PutRecord put : puts) {
            put.await();
            done.put(put.key, put.outcome);
        }
        return done;
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        List<byte @Nullable []> values;
        try {
            values = read(store(), namespace, keys);
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                return Provider.super.rows(namespace, keys);
            }
            throw fault;
        }
        PageBuilder page = new PageBuilder(namespace, keys.size());
        for (int i = 0; i < keys.size(); i++) {
            byte[] bytes = values.get(i);
            if (bytes != null) {
                page.add(keys.get(i), bytes);
            }
        }
        return page.build(true);
    }

    @Override
    public boolean digests() {
        return true;
    }

    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        byte[] all = DataKey.of(namespace, new byte[0]);
        byte[] from = after == null ? all : DataKey.next(DataKey.of(namespace, after.bytes()));
        byte[] to = upTo == null ? DataKey.afterAll(all) : DataKey.next(DataKey.of(namespace, upTo.bytes()));
        DigestBuilder digest = new DigestBuilder(namespace, most);
        store().place.scan(DATA, from, to, digest);
        requireWanted();
        return digest.build();
    }

    private void requireWanted() throws ProviderFault {
        if (Thread.currentThread().isInterrupted()) {
            throw new ProviderFault(FaultKind.TIMEOUT, "given up during a scan of provider " + location.name);
        }
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        Store store = store();
        store.place.requireThere();
        return store.floors.of(namespace);
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        committer.commit(new Change.RaiseFloor(namespace, floor));
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        Change.Collect collect = new Change.Collect(namespace, List.copyOf(rows));
        committer.commit(collect);
        return collect.collected;
    }

    @Override
    public void close() {
        committer.close();
        changing.lock();
        try {
            if (state instanceof State.Open open) {
                open.store.place.close();
            }
        } finally {
            changing.unlock();
        }
    }
}

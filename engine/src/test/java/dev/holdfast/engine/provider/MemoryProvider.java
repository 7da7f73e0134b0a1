package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider in memory that keeps to the whole contract: the ground of the engine's unit tests and of the simulation, which may
 * extend it. What it holds is encoded, so damage is real damage. Thread-safe: one lock.
 */
public class MemoryProvider implements Provider {
    private final String name;
    private final FailureDomain domain;
    private @Nullable Place place;
    private boolean closed;

    /** What a wipe takes away. */
    private static final class Place {
        final Identity identity;
        final Map<NamespaceId, NavigableMap<Key, byte[]>> records = new HashMap<>();
        final Map<NamespaceId, Version> floors = new HashMap<>();
        Version highWater = Version.NONE;

        Place(Identity identity) {
            this.identity = identity;
        }

        NavigableMap<Key, byte[]> records(NamespaceId namespace) {
            return records.computeIfAbsent(namespace, id -> new TreeMap<>());
        }

        Version floor(NamespaceId namespace) {
            return floors.getOrDefault(namespace, Version.NONE);
        }
    }

    /** A provider without a place. */
    public MemoryProvider(String name, FailureDomain domain) {
        this.name = name;
        this.domain = domain;
    }

    /** A provider on a device of its own, initialised. */
    public static MemoryProvider initialised(String name) {
        MemoryProvider provider = new MemoryProvider(name, new FailureDomain("memory", "here", name));
        provider.initialise(new Identity("%032x".formatted(name.hashCode() & 0xffffffffL), 1));
        return provider;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public synchronized Optional<Identity> identity() throws ProviderFault {
        return Optional.ofNullable(place).map(there -> there.identity);
    }

    @Override
    public synchronized Identity initialise(Identity identity) {
        Place there = place == null ? new Place(identity) : place;
        place = there;
        return there.identity;
    }

    /** Loses everything, as a deleted directory does. */
    public synchronized void wipe() {
        place = null;
    }

    /** Alters the stored bytes of a record. */
    public synchronized void damage(NamespaceId namespace, Key key) throws ProviderFault {
        place().records(namespace).computeIfPresent(key, (k, bytes) -> {
            byte[] altered = bytes.clone();
            altered[altered.length - 1] ^= 1;
            return altered;
        });
    }

    private Place place() throws ProviderFault {
        if (closed) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, "provider " + name + " is closed");
        }
        if (place == null) {
            throw new ProviderFault(FaultKind.ROLLED_BACK, "provider " + name + " has no place");
        }
        return place;
    }

    @Override
    public synchronized Vitals probe() throws ProviderFault {
        return new Vitals(place().identity, place().highWater, Long.MAX_VALUE);
    }

    @Override
    public synchronized Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Place there = place();
        byte[] bytes = there.records(namespace).get(key);
        if (bytes == null) {
            Version floor = there.floor(namespace);
            if (!vouched && record.version().compareTo(floor) <= 0) {
                return new Put(false, floor);
            }
        } else {
            Record present = decoded(namespace, key, bytes);
            if (present != null && Record.merge(present, record).equals(present)) {
                return new Put(present.equals(record), present.version());
            }
        }
        there.records(namespace).put(key, RecordFormat.encode(namespace, key, record));
        there.highWater = Version.newest(there.highWater, record.version());
        return new Put(true, record.version());
    }

    private static @Nullable Record decoded(NamespaceId namespace, Key key, byte[] bytes) {
        try {
            return RecordFormat.decode(namespace, key, bytes);
        } catch (DamagedRecord e) {
            return null;
        }
    }

    @Override
    public synchronized Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        byte[] bytes = place().records(namespace).get(key);
        if (bytes == null) {
            return new Lookup.Missing(place().floor(namespace));
        }
        try {
            return new Lookup.Present(RecordFormat.decode(namespace, key, bytes));
        } catch (DamagedRecord e) {
            throw new ProviderFault(FaultKind.CORRUPT, "provider " + name + ": " + e.getMessage());
        }
    }

    @Override
    public synchronized Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return switch (get(namespace, key)) {
            case Lookup.Present present -> new Sighting(true, present.record().version());
            case Lookup.Missing missing -> new Sighting(false, missing.floor());
        };
    }

    @Override
    public synchronized Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit)
            throws ProviderFault {
        NavigableMap<Key, byte[]> all = place().records(namespace);
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        for (var entry : (after == null ? all : all.tailMap(after, false)).entrySet()) {
            Key key = entry.getKey();
            if (!key.startsWith(prefix)) {
                continue;
            }
            if (rows.size() + damaged.size() == limit) {
                return new Page(rows, false, damaged);
            }
            try {
                rows.add(new Row(key, RecordFormat.head(namespace, key, entry.getValue())));
            } catch (DamagedRecord e) {
                damaged.add(key);
            }
        }
        return new Page(rows, true, damaged);
    }

    @Override
    public synchronized Version floor(NamespaceId namespace) throws ProviderFault {
        return place().floor(namespace);
    }

    @Override
    public synchronized void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        place().floors.merge(namespace, floor, Version::newest);
    }

    @Override
    public synchronized int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        NavigableMap<Key, byte[]> records = place().records(namespace);
        int collected = 0;
        for (Exact row : rows) {
            byte[] bytes = records.get(row.key());
            if (bytes == null) {
                continue;
            }
            Record present = decoded(namespace, row.key(), bytes);
            Version version = present == null ? Version.NONE : present.version();
            if (version.equals(row.version())) {
                records.remove(row.key());
                collected++;
            }
        }
        return collected;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}

package dev.holdfast.simulation.parts;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What lies at a provider's place: the rules of the provider contract over an ordered map, all durable at once. */
final class Shelf {
    record Address(NamespaceId namespace, Key key) implements Comparable<Address> {
        @Override
        public int compareTo(Address other) {
            int byNamespace = namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : key.compareTo(other.key);
        }
    }

    private final Identity identity;
    private final NavigableMap<Address, byte[]> records = new TreeMap<>();
    private final Map<NamespaceId, Version> floors = new TreeMap<>();
    /** Of records of which only the value is damaged, and so large that a scan does not look at it. */
    private final Map<Address, Head> unlooked = new TreeMap<>();

    private Version highWater = Version.NONE;

    Shelf(Identity identity) {
        this.identity = identity;
    }

    /** As a backup would hold it. */
    Shelf copy() {
        Shelf copy = new Shelf(identity);
        copy.records.putAll(records);
        copy.floors.putAll(floors);
        copy.highWater = highWater;
        return copy;
    }

    Identity identity() {
        return identity;
    }

    Version highWater() {
        return highWater;
    }

    Version floor(NamespaceId namespace) {
        return floors.getOrDefault(namespace, Version.NONE);
    }

    void raiseFloor(NamespaceId namespace, Version floor) {
        floors.merge(namespace, floor, Version::newest);
    }

    Put put(NamespaceId namespace, Key key, Record record, boolean vouched) {
        Address address = new Address(namespace, key);
        Record held = readable(address);
        boolean refused = !vouched && !record.version().newerThan(floor(namespace));
        if (held == null && !records.containsKey(address) && refused) {
            return new Put(false, floor(namespace));
        }
        if (held != null && !held.equals(record) && Record.merge(held, record).equals(held)) {
            return new Put(false, held.version());
        }
        records.put(address, RecordFormat.encode(namespace, key, record));
        unlooked.remove(address);
        highWater = Version.newest(highWater, record.version());
        return new Put(true, record.version());
    }

    private @Nullable Record readable(Address address) {
        try {
            return get(address.namespace(), address.key());
        } catch (DamagedRecord e) {
            return null;
        }
    }

    @Nullable
    Record get(NamespaceId namespace, Key key) throws DamagedRecord {
        byte[] bytes = records.get(new Address(namespace, key));
        return bytes == null ? null : RecordFormat.decode(namespace, key, bytes);
    }

    Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        Address from = after == null ? null : new Address(namespace, after);
        for (Map.Entry<Address, byte[]> entry : (from == null ? records : records.tailMap(from, false)).entrySet()) {
            Key key = entry.getKey().key();
            if (!entry.getKey().namespace().equals(namespace) || !key.startsWith(prefix)) {
                continue;
            }
            if (rows.size() + damaged.size() == limit) {
                return new Page(rows, false, damaged);
            }
            show(entry.getKey(), entry.getValue(), rows, damaged);
        }
        return new Page(rows, true, damaged);
    }

    /** What a scan shows of one key. */
    private void show(Address address, byte[] bytes, List<Row> rows, List<Key> damaged) {
        Key key = address.key();
        try {
            rows.add(new Row(key, RecordFormat.head(address.namespace(), key, bytes)));
        } catch (DamagedRecord e) {
            Head head = unlooked.get(address);
            if (head == null) {
                damaged.add(key);
            } else {
                rows.add(new Row(key, head));
            }
        }
    }

    Page rows(NamespaceId namespace, List<Key> keys) {
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        for (Key key : keys) {
            Address address = new Address(namespace, key);
            byte[] bytes = records.get(address);
            if (bytes != null) {
                show(address, bytes, rows, damaged);
            }
        }
        return new Page(rows, true, damaged);
    }

    RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most) {
        RangeDigest sum = RangeDigest.EMPTY;
        Page page = scan(namespace, new byte[0], after, most);
        for (Row row : page.rows()) {
            sum = upTo == null || row.key().compareTo(upTo) <= 0 ? sum.plus(RangeDigest.of(row)) : sum;
        }
        for (Key key : page.damaged()) {
            sum = upTo == null || key.compareTo(upTo) <= 0 ? sum.plus(RangeDigest.DAMAGED_ROW) : sum;
        }
        return sum;
    }

    /** The namespaces that have records here, for checkers. */
    List<NamespaceId> namespaces() {
        return records.keySet().stream().map(Address::namespace).distinct().toList();
    }

    int collect(NamespaceId namespace, List<Provider.Exact> rows) {
        int deleted = 0;
        for (Provider.Exact row : rows) {
            Address address = new Address(namespace, row.key());
            Record held = readable(address);
            Version version = held == null ? Version.NONE : held.version();
            if (records.containsKey(address) && version.equals(row.version())) {
                records.remove(address);
                deleted++;
            }
        }
        return deleted;
    }

    /**
     * Alters one byte of a record, as a bad disk would.
     *
     * @param large as though only the value were damaged, and that so large that a scan does not look at it
     */
    void rot(NamespaceId namespace, Key key, int at, boolean large) {
        Address address = new Address(namespace, key);
        byte[] bytes = records.get(address);
        Head head = large ? head(namespace, key) : null;
        if (head != null) {
            unlooked.put(address, head);
        }
        if (bytes != null) {
            byte[] altered = bytes.clone();
            altered[at % altered.length] ^= 0x40;
            records.put(address, altered);
        }
    }

    @Nullable
    Head head(NamespaceId namespace, Key key) {
        byte[] bytes = records.get(new Address(namespace, key));
        try {
            return bytes == null ? null : RecordFormat.head(namespace, key, bytes);
        } catch (DamagedRecord e) {
            return null;
        }
    }
}

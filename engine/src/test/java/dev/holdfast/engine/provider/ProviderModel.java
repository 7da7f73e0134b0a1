package dev.holdfast.engine.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Generators;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A map that says what a provider must answer, driven beside it with random operations on one namespace. */
final class ProviderModel {
    private final Generators any;
    private final Provider provider;
    private final NamespaceId namespace;
    private final TreeMap<Key, Record> records = new TreeMap<>();
    private Version floor = Version.NONE;

    ProviderModel(Generators any, Provider provider, NamespaceId namespace) {
        this.any = any;
        this.provider = provider;
        this.namespace = namespace;
    }

    void run(int operations) throws ProviderFault {
        for (int i = 0; i < operations; i++) {
            switch (any.random().nextInt(16)) {
                case 12 -> putAll();
                case 13 -> readAll();
                case 14 -> rows();
                case 15 -> digest();
                case 0 -> raiseFloor();
                case 1, 2 -> collect();
                case 3, 4 -> scan();
                case 5, 6, 7 -> read();
                default -> put();
            }
        }
        assertThat(provider.scan(namespace, new byte[0], null, 1000).rows())
                .extracting(Row::key)
                .containsExactlyElementsOf(records.keySet());
    }

    private void put() throws ProviderFault {
        Key key = any.key();
        Record record = any.record(any.version());
        Put expected = expected(key, record, false);
        assertThat(provider.putIfNewer(namespace, key, record))
                .as("put %s %s", key, record)
                .isEqualTo(expected);
        if (expected.stored()) {
            records.put(key, record);
        }
    }

    private Put expected(Key key, Record record, boolean vouched) {
        Record present = records.get(key);
        if (present == null) {
            boolean taken = vouched || record.version().newerThan(floor);
            return taken ? new Put(true, record.version()) : new Put(false, floor);
        }
        Record winner = Record.merge(present, record);
        return new Put(winner.equals(record), winner.version());
    }

    private void putAll() throws ProviderFault {
        boolean vouched = any.random().nextBoolean();
        SortedMap<Key, Record> wanted = new TreeMap<>();
        Map<Key, Put> expected = new HashMap<>();
        for (Key key : someKeys()) {
            Record record = any.record(any.version());
            wanted.put(key, record);
            expected.put(key, expected(key, record, vouched));
        }
        assertThat(provider.putAll(namespace, wanted, vouched)).isEqualTo(expected);
        expected.forEach((key, put) -> {
            if (put.stored()) {
                records.put(key, wanted.get(key));
            }
        });
    }

    private List<Key> someKeys() {
        TreeSet<Key> keys = new TreeSet<>();
        for (int i = any.random().nextInt(1, 30); i > 0; i--) {
            keys.add(any.key());
        }
        return List.copyOf(keys);
    }

    private void readAll() throws ProviderFault {
        List<Key> keys = someKeys();
        Map<Key, Lookup> expected = new HashMap<>();
        for (Key key : keys) {
            Record present = records.get(key);
            expected.put(key, present == null ? new Lookup.Missing(floor) : new Lookup.Present(present));
        }
        assertThat(provider.getAll(namespace, keys)).isEqualTo(expected);
    }

    private void rows() throws ProviderFault {
        List<Key> keys = someKeys();
        List<Key> held = keys.stream().filter(records::containsKey).toList();
        Page page = provider.rows(namespace, keys);
        assertThat(page.rows()).extracting(Row::key).isEqualTo(held);
        assertThat(page.damaged()).isEmpty();
        for (Row row : page.rows()) {
            assertThat(row.head().sameAs(head(row.key()))).isTrue();
        }
    }

    private Head head(Key key) {
        return RecordFormat.headOf(namespace, key, records.get(key));
    }

    private void digest() throws ProviderFault {
        @Nullable Key after = any.random().nextBoolean() ? any.key() : null;
        @Nullable Key upTo = any.random().nextBoolean() ? any.key() : null;
        int most = any.random().nextBoolean() ? 1 + any.random().nextInt(10) : 1_000;
        RangeDigest expected = RangeDigest.EMPTY;
        for (Key key : records.keySet()) {
            if (expected.rows() < most
                    && (after == null || key.compareTo(after) > 0)
                    && (upTo == null || key.compareTo(upTo) <= 0)) {
                expected = expected.plus(RangeDigest.of(new Row(key, head(key))));
            }
        }
        assertThat(provider.digest(namespace, after, upTo, most)).isEqualTo(expected);
    }

    private void read() throws ProviderFault {
        Key key = any.key();
        Record present = records.get(key);
        Lookup expected = present == null ? new Lookup.Missing(floor) : new Lookup.Present(present);
        assertThat(provider.get(namespace, key)).as("get %s", key).isEqualTo(expected);
        assertThat(provider.sight(namespace, key))
                .as("sight %s", key)
                .isEqualTo(new Sighting(present != null, present == null ? floor : present.version()));
    }

    private void scan() throws ProviderFault {
        byte[] prefix = any.random().nextBoolean()
                ? new byte[0]
                : any.oneOf(List.of("k1", "k", "a", "\u00e9")).getBytes();
        @Nullable Key after = any.random().nextBoolean() ? any.key() : null;
        int limit = 1 + any.random().nextInt(8);
        List<Key> expected = new ArrayList<>();
        for (Key key :
                after == null ? records.keySet() : records.tailMap(after, false).keySet()) {
            if (key.startsWith(prefix)) {
                expected.add(key);
            }
        }
        Page page = provider.scan(namespace, prefix, after, limit);
        List<Key> seen = page.rows().stream().map(Row::key).toList();
        assertThat(seen)
                .hasSizeLessThanOrEqualTo(limit)
                .isEqualTo(expected.subList(0, Math.min(seen.size(), expected.size())));
        assertThat(page.damaged()).isEmpty();
        assertThat(page.end() ? seen.size() == expected.size() : !seen.isEmpty())
                .isTrue();
        for (Row row : page.rows()) {
            assertThat(row.head().version()).isEqualTo(records.get(row.key()).version());
        }
    }

    private void raiseFloor() throws ProviderFault {
        Version to = any.version();
        provider.raiseFloor(namespace, to);
        floor = Version.newest(floor, to);
        assertThat(provider.floor(namespace)).isEqualTo(floor);
    }

    private void collect() throws ProviderFault {
        List<Exact> rows = new ArrayList<>();
        int expected = 0;
        for (Map.Entry<Key, Record> entry : List.copyOf(records.entrySet())) {
            if (any.random().nextInt(6) == 0) {
                Version version = any.version();
                rows.add(new Exact(entry.getKey(), version));
                if (entry.getValue().version().equals(version)) {
                    records.remove(entry.getKey());
                    expected++;
                }
            }
        }
        assertThat(provider.collect(namespace, rows)).isEqualTo(expected);
    }
}

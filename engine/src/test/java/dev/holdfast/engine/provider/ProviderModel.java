package dev.holdfast.engine.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Generators;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            switch (any.random().nextInt(12)) {
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
        Record present = records.get(key);
        Put expected;
        if (present == null) {
            boolean above = record.version().newerThan(floor);
            expected = above ? new Put(true, record.version()) : new Put(false, floor);
        } else {
            Record winner = Record.merge(present, record);
            expected = new Put(winner.equals(record), winner.version());
        }
        assertThat(provider.putIfNewer(namespace, key, record))
                .as("put %s %s", key, record)
                .isEqualTo(expected);
        if (expected.stored()) {
            records.put(key, record);
        }
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

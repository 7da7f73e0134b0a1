package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.NS;
import static dev.holdfast.providers.postgres.Given.fault;
import static dev.holdfast.providers.postgres.Given.initialised;
import static dev.holdfast.providers.postgres.Given.key;
import static dev.holdfast.providers.postgres.Given.open;
import static dev.holdfast.providers.postgres.Given.record;
import static dev.holdfast.providers.postgres.Given.v;
import static dev.holdfast.providers.postgres.PostgresServer.DATABASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.provider.Sighting;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to places and records, beyond the conformance kit. */
class PlaceTest {
    private static final byte[] ALL = {};
    private static final Identity ANEW = new Identity("ffeeddccbbaa99887766554433221100", 2);

    private final String schema = PostgresServer.freshSchema();
    private PostgresServer server;
    private PostgresProvider provider;

    @BeforeEach
    void begin() throws Exception {
        server = PostgresServer.shared();
        provider = initialised(server.settings(schema));
    }

    @AfterEach
    void end() {
        provider.close();
    }

    private void sql(String... statements) throws Exception {
        String[] here = new String[statements.length];
        for (int i = 0; i < statements.length; i++) {
            here[i] = statements[i].replace("@", schema);
        }
        server.sql(DATABASE, here);
    }

    private List<Key> keys(Page page) {
        return page.rows().stream().map(Row::key).toList();
    }

    // ---- places

    @Test
    void of_two_nodes_that_find_no_place_one_makes_it() throws Exception {
        String fresh = PostgresServer.freshSchema();
        List<FutureTask<Identity>> nodes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Identity mine = new Identity("%032x".formatted(i), 1);
            nodes.add(new FutureTask<>(() -> {
                try (PostgresProvider node = open(server.settings(fresh))) {
                    return node.initialise(mine);
                }
            }));
        }
        nodes.forEach(node -> Thread.ofVirtual().start(node));
        Set<Identity> made = new HashSet<>();
        for (FutureTask<Identity> node : nodes) {
            made.add(node.get(30, TimeUnit.SECONDS));
        }
        assertThat(made).hasSize(1);
    }

    @Test
    void what_is_left_of_an_earlier_place_is_set_aside() throws Exception {
        provider.putIfNewer(NS, key(1), record(1, 10));
        sql("DELETE FROM @.place");
        assertThat(provider.identity()).isEmpty();
        assertThat(fault(() -> provider.get(NS, key(1))).kind()).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(provider.initialise(ANEW)).isEqualTo(ANEW);
        assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Missing(Version.NONE));
        sql("DROP TABLE @.place");
        assertThat(provider.initialise(Given.IDENTITY)).isEqualTo(Given.IDENTITY);
        assertThat(server.ask("SELECT count(*) FROM " + schema + ".records_aside_1"))
                .isEqualTo("1");
        assertThat(server.ask("SELECT count(*) FROM " + schema + ".records_aside_2"))
                .isEqualTo("0");
        assertThat(provider.probe().highWater()).isEqualTo(Version.NONE);
    }

    @Test
    void a_place_that_another_node_has_made_anew_is_not_used_until_its_identity_was_told() throws Exception {
        provider.putIfNewer(NS, key(1), record(1, 10));
        sql("DROP SCHEMA @ CASCADE");
        try (PostgresProvider other = open(server.settings(schema))) {
            other.initialise(ANEW);
        }
        assertThat(fault(() -> provider.get(NS, key(1)))).hasMessageContaining("replaced");
        assertThat(fault(() -> provider.putIfNewer(NS, key(1), record(1, 10))).kind())
                .isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(fault(() -> provider.collect(NS, List.of())).kind()).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(fault(() -> provider.raiseFloor(NS, v(1))).kind()).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(fault(() -> provider.scan(NS, ALL, null, 1)).kind()).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(fault(provider::probe).kind()).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(provider.identity()).contains(ANEW);
        assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Missing(Version.NONE));
    }

    @Test
    void tables_of_a_later_format_are_not_touched() throws Exception {
        sql("UPDATE @.place SET format = 2");
        assertThat(fault(provider::identity)).hasMessageContaining("has format 2");
        assertThat(fault(() -> provider.initialise(ANEW)).kind()).isEqualTo(FaultKind.UNAVAILABLE);
    }

    @Test
    void a_database_that_is_gone_is_a_place_that_is_gone() throws Exception {
        PostgresSettings here = server.settings(schema);
        PostgresSettings nowhere = PostgresSettings.of(here.hosts(), "no such database", here.credentials());
        try (PostgresProvider lost = open(nowhere)) {
            assertThat(lost.identity()).isEmpty();
            assertThat(fault(() -> lost.initialise(ANEW))).hasMessageContaining("no such database");
        }
    }

    // ---- the floor and puts at the same time

    @Test
    void a_floor_is_not_raised_past_a_put_that_is_under_way() throws Exception {
        try (Connection node = server.connection()) {
            node.setAutoCommit(false);
            putBy(node, 4);
            FutureTask<Void> raise = begin(() -> provider.raiseFloor(NS, v(5)));
            server.awaitLockWait();
            assertThat(raise).isNotDone();
            assertThat(provider.floor(NS)).isEqualTo(Version.NONE);
            assertThat(provider.putIfNewer(Given.OTHER_NS, key(1), record(1, 1)).stored())
                    .as("other namespaces go on")
                    .isTrue();
            node.commit();
            raise.get(30, TimeUnit.SECONDS);
        }
        assertThat(provider.get(NS, key(1))).isInstanceOf(Lookup.Present.class);
    }

    @Test
    void a_put_that_waited_for_a_floor_to_be_raised_goes_by_it() throws Exception {
        provider.putIfNewer(NS, key(2), record(1, 10));
        try (Connection node = server.connection()) {
            node.setAutoCommit(false);
            try (var raise = node.prepareStatement("SELECT " + schema + ".raise_floor(?, ?, ?, ?)")) {
                raise.setString(1, Given.IDENTITY.id());
                raise.setString(2, server.systemIn(node));
                raise.setBytes(3, SqlNamespace.of(NS));
                raise.setLong(4, SqlVersion.of(v(5)));
                raise.execute();
            }
            FutureTask<Put> put = begin(() -> provider.putIfNewer(NS, key(1), record(4, 10)));
            server.awaitLockWait();
            assertThat(provider.putIfNewer(NS, key(2), record(3, 10)).stored())
                    .as("a present key has nothing to do with the floor")
                    .isTrue();
            node.commit();
            assertThat(put.get(30, TimeUnit.SECONDS)).isEqualTo(new Put(false, v(5)));
        }
        assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Missing(v(5)));
    }

    private void putBy(Connection node, int version) throws Exception {
        byte[] encoded = RecordFormat.encode(NS, key(1), record(version, 10));
        try (var put = node.prepareStatement("SELECT " + schema + ".put(?, ?, false, ?, ?, ?, NULL, ?, false)")) {
            put.setString(1, Given.IDENTITY.id());
            put.setString(2, server.systemIn(node));
            put.setBytes(3, SqlNamespace.of(NS));
            put.setBytes(4, key(1).bytes());
            put.setLong(5, SqlVersion.of(v(version)));
            put.setBytes(6, encoded);
            put.execute();
        }
    }

    private interface Call<T> {
        T call() throws Exception;
    }

    private interface Action {
        void run() throws Exception;
    }

    private static <T> FutureTask<T> begin(Call<T> call) {
        FutureTask<T> task = new FutureTask<>(call::call);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static FutureTask<Void> begin(Action action) {
        return begin(() -> {
            action.run();
            return null;
        });
    }

    // ---- large records

    @Test
    void a_large_record_is_verified_by_a_scan_where_it_lies() throws Exception {
        Record large = Record.of(
                v(1), 1_900_000_000L, "{\"a\":1}".getBytes(), record(1, 200_000).value());
        provider.putIfNewer(NS, key(1), large);
        provider.putIfNewer(NS, key(2), record(2, 200_000));
        Page page = provider.scan(NS, ALL, null, 10);
        assertThat(page.rows().getFirst().head())
                .usingRecursiveComparison()
                .isEqualTo(RecordFormat.headOf(NS, key(1), large));

        sql("UPDATE @.records SET record = set_byte(record, 100000, get_byte(record, 100000) # 4)"
                + " WHERE key = 'key-00001'");
        page = provider.scan(NS, ALL, null, 10);
        assertThat(page.damaged()).containsExactly(key(1));
        assertThat(keys(page)).containsExactly(key(2));
        assertThat(fault(() -> provider.get(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
        assertThat(provider.sight(NS, key(1)))
                .as("of a large one, a sighting reads no more than its beginning")
                .isEqualTo(new Sighting(true, v(1)));
        assertThat(provider.putIfNewer(NS, key(1), large)).isEqualTo(new Put(true, v(1)));
        assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(large));
        assertThat(provider.scan(NS, ALL, null, 10).damaged()).isEmpty();
    }

    @Test
    void a_large_record_that_was_moved_to_another_key_is_damage() throws Exception {
        provider.putIfNewer(NS, key(1), record(1, 5_000));
        sql("UPDATE @.records SET key = 'key-00007'");
        assertThat(provider.scan(NS, ALL, null, 10).damaged()).containsExactly(key(7));
        assertThat(fault(() -> provider.get(NS, key(7))).kind()).isEqualTo(FaultKind.CORRUPT);
    }

    @Test
    void equal_versions_of_large_records_settle_the_same_way_in_either_order() throws Exception {
        Record low = Record.of(v(1), new byte[3_000]);
        Record high = Record.of(v(1), record(1, 3_000).value());
        for (int first = 0; first < 2; first++) {
            Key key = key(first);
            provider.putIfNewer(NS, key, first == 0 ? low : high);
            provider.putIfNewer(NS, key, first == 0 ? high : low);
            assertThat(provider.get(NS, key)).isEqualTo(new Lookup.Present(high));
            assertThat(provider.putIfNewer(NS, key, high)).isEqualTo(new Put(true, v(1)));
            assertThat(provider.putIfNewer(NS, key, low)).isEqualTo(new Put(false, v(1)));
        }
    }

    @Test
    void a_page_ends_early_after_much_has_been_hashed_for_it() throws Exception {
        for (int i = 0; i < 5; i++) {
            provider.putIfNewer(NS, key(i), record(i + 1, 15 * 1024 * 1024));
        }
        Page page = provider.scan(NS, ALL, null, 1000);
        assertThat(keys(page)).containsExactly(key(0), key(1), key(2));
        assertThat(page.end()).isFalse();
        page = provider.scan(NS, ALL, key(2), 1000);
        assertThat(keys(page)).containsExactly(key(3), key(4));
        assertThat(page.end()).isTrue();
        assertThat(provider.putIfNewer(NS, key(0), record(1, 15 * 1024 * 1024))).isEqualTo(new Put(true, v(1)));
        assertThat(Limits.VALUE_BYTES).isGreaterThan(15 * 1024 * 1024);
    }

    // ---- columns that say otherwise than the record

    @Test
    void a_version_that_is_not_the_records_is_damage_and_refuses_nothing() throws Exception {
        provider.putIfNewer(NS, key(1), record(3, 10));
        sql("UPDATE @.records SET version = version + 65536 * 1000");
        assertThat(fault(() -> provider.get(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
        assertThat(fault(() -> provider.sight(NS, key(1))).kind()).isEqualTo(FaultKind.CORRUPT);
        assertThat(provider.scan(NS, ALL, null, 10).damaged()).containsExactly(key(1));
        assertThat(provider.putIfNewer(NS, key(1), record(3, 10))).isEqualTo(new Put(true, v(3)));
        assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Present(record(3, 10)));
        assertThat(provider.probe().highWater()).isEqualTo(v(3));
    }

    @Test
    void the_high_water_mark_outlives_the_record_that_raised_it() throws Exception {
        provider.putIfNewer(NS, key(1), record(9, 10));
        provider.putIfNewer(NS, key(2), record(5, 10));
        sql("UPDATE @.records SET record = set_byte(record, 30, get_byte(record, 30) # 1) WHERE key = 'key-00001'");
        assertThat(provider.putIfNewer(NS, key(1), record(4, 10))).isEqualTo(new Put(true, v(4)));
        assertThat(provider.probe().highWater()).isEqualTo(v(9));
        sql("UPDATE @.records SET record = set_byte(record, 30, get_byte(record, 30) # 1) WHERE key = 'key-00002'");
        assertThat(provider.collect(NS, List.of(new Exact(key(2), Version.NONE))))
                .isEqualTo(1);
        assertThat(provider.probe().highWater()).isEqualTo(v(9));
    }
}

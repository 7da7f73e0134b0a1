package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.NS;
import static dev.holdfast.providers.postgres.Given.fault;
import static dev.holdfast.providers.postgres.Given.initialised;
import static dev.holdfast.providers.postgres.Given.key;
import static dev.holdfast.providers.postgres.Given.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Generators;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Row;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RangeDigestsTest {
    private static final byte[] ALL = {};

    private PostgresServer server;
    private final String schema = PostgresServer.freshSchema();
    private PostgresProvider provider;
    private RangeDigests digests;

    @BeforeEach
    void begin() throws Exception {
        server = PostgresServer.shared();
        provider = initialised(server.settings(schema));
        digests = provider.rangeDigests();
    }

    @AfterEach
    void end() {
        provider.close();
    }

    /** The definition is for ever: places of different versions are compared by it. */
    @Test
    void the_digest_of_a_row_is_what_it_always_was() {
        Row row = new Row(
                Key.of("greeting"),
                new Head(Version.parse("01977420dc000207"), false, 1_760_000_000L, ALL, 5, 0x9c2936e5));
        assertThat(RangeDigest.of(row)).isEqualTo(new RangeDigest(1, 0x21cd6e1d4ae76b3dL, 0xbdf9df5fda24a015L));
    }

    @Test
    void the_database_computes_what_is_computed_from_a_scan() {
        Generators.forSeeds(3, any -> {
            try {
                NamespaceId namespace = any.namespace();
                for (int i = 0; i < 60; i++) {
                    provider.putIfNewer(namespace, any.anyKey(), any.record(any.anyVersion()));
                }
                provider.putIfNewer(namespace, key(1), record(1, 5_000));
                List<Row> rows = provider.scan(namespace, ALL, null, 1000).rows();
                assertThat(digests.digest(namespace, KeyRange.ALL)).isEqualTo(RangeDigest.of(rows));
                Key from = rows.get(10).key();
                Key to = rows.get(30).key();
                assertThat(digests.digest(namespace, new KeyRange(from.bytes(), to.bytes())))
                        .isEqualTo(RangeDigest.of(rows.subList(10, 30)));
            } catch (ProviderFault e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void parts_hold_as_many_rows_each_and_add_up_to_the_whole() throws Exception {
        for (int i = 0; i < 100; i++) {
            provider.putIfNewer(NS, key(i), record(i, 10));
        }
        RangeDigest whole = digests.digest(NS, KeyRange.ALL);
        assertThat(whole.rows()).isEqualTo(100);
        for (int parts : new int[] {1, 3, 7, 100, 250}) {
            List<KeyRange> ranges = digests.split(NS, KeyRange.ALL, parts);
            assertThat(ranges).hasSize(Math.min(parts, 100));
            assertThat(ranges.getFirst().from()).isEmpty();
            assertThat(ranges.getLast().to()).isNull();
            RangeDigest sum = RangeDigest.EMPTY;
            for (KeyRange range : ranges) {
                RangeDigest part = digests.digest(NS, range);
                assertThat(part.rows()).isBetween(100L / parts, 100L / parts + 1);
                sum = sum.plus(part);
            }
            assertThat(sum).isEqualTo(whole);
        }
    }

    @Test
    void a_change_of_one_row_shows_and_going_back_does_too() throws Exception {
        provider.putIfNewer(NS, key(1), record(1, 10));
        provider.putIfNewer(NS, key(2), record(1, 10));
        RangeDigest before = digests.digest(NS, KeyRange.ALL);
        provider.putIfNewer(NS, key(2), Record.tombstone(Given.v(2)));
        RangeDigest after = digests.digest(NS, KeyRange.ALL);
        assertThat(after).isNotEqualTo(before);
        assertThat(after.rows()).isEqualTo(2);
    }

    @Test
    void what_the_server_can_tell_to_be_damaged_counts_as_a_row_and_adds_nothing() throws Exception {
        provider.putIfNewer(NS, key(1), record(1, 10));
        RangeDigest whole = digests.digest(NS, KeyRange.ALL);
        provider.putIfNewer(NS, key(2), record(2, 10));
        provider.putIfNewer(NS, key(3), record(3, 10));
        provider.putIfNewer(NS, key(4), record(4, 5_000));
        alter(2, 0);
        alter(3, 11);
        alter(4, 3_000);
        assertThat(digests.digest(NS, KeyRange.ALL))
                .isEqualTo(whole.plus(RangeDigest.DAMAGED_ROW)
                        .plus(RangeDigest.DAMAGED_ROW)
                        .plus(RangeDigest.DAMAGED_ROW));
    }

    private void alter(int key, int at) throws Exception {
        server.sql(
                PostgresServer.DATABASE,
                "UPDATE " + schema + ".records SET record = set_byte(record, " + at + ", get_byte(record, " + at
                        + ") # 1) WHERE key = '\\x"
                        + HexFormat.of().formatHex(key(key).bytes()) + "'");
    }

    @Test
    void an_empty_range_has_the_empty_digest_and_is_its_own_part() throws Exception {
        assertThat(digests.digest(NS, KeyRange.ALL)).isEqualTo(RangeDigest.EMPTY);
        assertThat(digests.split(NS, KeyRange.ALL, 4)).containsExactly(KeyRange.ALL);
    }

    @Test
    void there_are_no_digests_of_a_place_that_is_gone() throws Exception {
        server.sql(PostgresServer.DATABASE, "DROP SCHEMA " + schema + " CASCADE");
        assertThat(fault(() -> digests.digest(NS, KeyRange.ALL)).kind()).isEqualTo(FaultKind.ROLLED_BACK);
    }
}

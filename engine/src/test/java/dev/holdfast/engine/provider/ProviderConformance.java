package dev.holdfast.engine.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Generators;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link Provider}, for every implementation: extend it, say how to open, reopen and wipe a place, and all of it
 * runs. Each test begins with an initialised, empty place.
 */
public abstract class ProviderConformance {
    protected static final NamespaceId NS = NamespaceId.parse("0123456789abcdef0123456789abcdef");
    /** Its bytes are the successor of those of {@link #NS}, so a scan that runs over shows. */
    protected static final NamespaceId NEXT_NS = NamespaceId.parse("0123456789abcdef0123456789abcdf0");

    protected static final NamespaceId LAST_NS = NamespaceId.parse("ffffffffffffffffffffffffffffffff");
    protected static final Identity IDENTITY = new Identity("00112233445566778899aabbccddeeff", 1);
    private static final byte[] ALL = {};

    protected Provider provider;

    /** Opens a provider on a location where there is no place yet. Called once for each test. */
    protected abstract Provider open() throws Exception;

    /** Closes {@link #provider} and opens it again on the same location; the same provider when it keeps nothing. */
    protected abstract Provider reopen() throws Exception;

    /** Takes the place away from under the open {@link #provider}. */
    protected abstract void wipe() throws Exception;

    /** Alters one byte of what is stored for the key; may reopen {@link #provider} for it. */
    protected abstract void damage(NamespaceId namespace, Key key) throws Exception;

    @BeforeEach
    void begin() throws Exception {
        provider = open();
        assertThat(provider.identity()).isEmpty();
        provider.initialise(IDENTITY);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    protected static Version v(int n) {
        return Version.of(1_700_000_000_000L, n, 1);
    }

    protected static Key key(String name) {
        return Key.of(name);
    }

    protected static Record record(int version, String value) {
        return Record.of(v(version), value.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Record present(NamespaceId namespace, Key key) throws ProviderFault {
        return provider.get(namespace, key) instanceof Lookup.Present present ? present.record() : null;
    }

    private List<Key> keys(byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        return provider.scan(NS, prefix, after, limit).rows().stream()
                .map(Row::key)
                .toList();
    }

    private static FaultKind kind(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, call);
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault.kind();
    }

    // ---- put-if-newer

    @Test
    void a_newer_record_replaces_an_older_one() throws Exception {
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "old"))).isEqualTo(new Put(true, v(1)));
        assertThat(provider.putIfNewer(NS, key("k"), record(2, "new"))).isEqualTo(new Put(true, v(2)));
        assertThat(present(NS, key("k"))).isEqualTo(record(2, "new"));
    }

    /** Hears what a queued put came to, and fails when it hears it twice. */
    private static final class Heard implements Reply<Put> {
        private final CompletableFuture<Put> outcome = new CompletableFuture<>();

        @Override
        public void answered(Put value) {
            assertThat(outcome.complete(value)).isTrue();
        }

        @Override
        public void failed(ProviderFault fault) {
            assertThat(outcome.completeExceptionally(fault)).isTrue();
        }
    }

    @Test
    void a_queued_put_is_told_of_once_it_is_durable_and_one_that_is_not_queued_changes_nothing() throws Exception {
        Heard heard = new Heard();
        if (!provider.queue(NS, key("k"), record(2, "new"), false, heard)) {
            assertThat(present(NS, key("k"))).isNull();
            assertThat(heard.outcome).isNotDone();
            return;
        }
        assertThat(heard.outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new Put(true, v(2)));
        Heard older = new Heard();
        assertThat(provider.queue(NS, key("k"), record(1, "old"), false, older)).isTrue();
        assertThat(older.outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new Put(false, v(2)));
        provider = reopen();
        assertThat(present(NS, key("k"))).isEqualTo(record(2, "new"));
        wipe();
        Heard gone = new Heard();
        assertThat(provider.queue(NS, key("k"), record(3, "newer"), false, gone))
                .isTrue();
        assertThatThrownBy(() -> gone.outcome.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ProviderFault.class, fault -> assertThat(fault.kind()).isEqualTo(FaultKind.ROLLED_BACK));
    }

    @Test
    void an_older_record_is_refused_with_the_winner() throws Exception {
        provider.putIfNewer(NS, key("k"), record(2, "new"));
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "old"))).isEqualTo(new Put(false, v(2)));
        assertThat(present(NS, key("k"))).isEqualTo(record(2, "new"));
    }

    @Test
    void putting_the_same_record_again_is_stored() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "x"))).isEqualTo(new Put(true, v(1)));
        assertThat(present(NS, key("k"))).isEqualTo(record(1, "x"));
    }

    @Test
    void equal_versions_with_different_content_settle_the_same_way_in_either_order() throws Exception {
        Record low = record(1, "a");
        Record high = record(1, "b");
        assertThat(provider.putIfNewer(NS, key("up"), low)).isEqualTo(new Put(true, v(1)));
        assertThat(provider.putIfNewer(NS, key("up"), high)).isEqualTo(new Put(true, v(1)));
        assertThat(provider.putIfNewer(NS, key("down"), high)).isEqualTo(new Put(true, v(1)));
        assertThat(provider.putIfNewer(NS, key("down"), low)).isEqualTo(new Put(false, v(1)));
        assertThat(present(NS, key("up"))).isEqualTo(high);
        assertThat(present(NS, key("down"))).isEqualTo(high);
    }

    @Test
    void a_sealed_record_comes_back_sealed_and_takes_the_place_of_the_same_in_the_clear() throws Exception {
        for (int bytes : new int[] {3, 2_000, 600_000}) {
            Key key = key("sealed" + bytes);
            Record clear = Record.of(v(1), 0, new byte[] {1, 2}, new byte[bytes]);
            // Orders before the other one by its bytes.
            Record sealed = clear.sealed(new byte[] {0}, new byte[bytes]);
            assertThat(provider.putIfNewer(NS, key, clear)).isEqualTo(new Put(true, v(1)));
            assertThat(provider.putIfNewer(NS, key, sealed)).isEqualTo(new Put(true, v(1)));
            assertThat(provider.putIfNewer(NS, key, clear)).isEqualTo(new Put(false, v(1)));
            assertThat(present(NS, key)).isEqualTo(sealed);
            assertThat(provider.scan(NS, key.bytes(), null, 10).rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row.head())
                            .usingRecursiveComparison()
                            .isEqualTo(RecordFormat.headOf(NS, key, sealed)));
        }
    }

    @Test
    void a_tombstone_is_a_record_like_others() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        assertThat(provider.putIfNewer(NS, key("k"), Record.tombstone(v(2)))).isEqualTo(new Put(true, v(2)));
        assertThat(present(NS, key("k"))).isEqualTo(Record.tombstone(v(2)));
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "x"))).isEqualTo(new Put(false, v(2)));
        assertThat(provider.putIfNewer(NS, key("k"), record(3, "y"))).isEqualTo(new Put(true, v(3)));
    }

    @Test
    void versions_are_ordered_as_unsigned_numbers() throws Exception {
        Record late = Record.of(new Version(Long.MIN_VALUE), new byte[] {1});
        provider.putIfNewer(NS, key("k"), Record.of(new Version(Long.MAX_VALUE), new byte[] {2}));
        assertThat(provider.putIfNewer(NS, key("k"), late)).isEqualTo(new Put(true, late.version()));
        assertThat(present(NS, key("k"))).isEqualTo(late);
    }

    @Test
    void metadata_and_expiration_are_kept() throws Exception {
        byte[] metadata = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);
        Record record = Record.of(v(1), 1_800_000_000L, metadata, new byte[] {0, -1});
        provider.putIfNewer(NS, key("k"), record);
        assertThat(present(NS, key("k"))).isEqualTo(record);
        assertThat(provider.scan(NS, ALL, null, 10).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.head().metadata()).isEqualTo(metadata))
                .satisfies(row -> assertThat(row.head().expiration()).isEqualTo(1_800_000_000L))
                .satisfies(row -> assertThat(row.head().valueBytes()).isEqualTo(2));
    }

    @Test
    void many_writers_of_one_key_end_with_the_newest_and_no_winner_goes_back() throws Exception {
        int writers = 16;
        int each = 30;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < writers; w++) {
                int writer = w;
                List<Integer> counters =
                        new ArrayList<>(IntStream.range(0, each).boxed().toList());
                Collections.shuffle(counters, new java.util.Random(writer));
                running.add(threads.submit(() -> {
                    start.await();
                    Version seen = Version.NONE;
                    for (int counter : counters) {
                        Version mine = Version.of(1_700_000_000_000L, counter, writer);
                        Put put = provider.putIfNewer(
                                NS, key("k"), Record.of(mine, mine.toString().getBytes()));
                        assertThat(put.winner()).isGreaterThanOrEqualTo(mine).isGreaterThanOrEqualTo(seen);
                        assertThat(put.stored()).isEqualTo(put.winner().equals(mine));
                        Sighting sighting = provider.sight(NS, key("k"));
                        assertThat(sighting.version()).isGreaterThanOrEqualTo(put.winner());
                        seen = sighting.version();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> writer : running) {
                writer.get();
            }
        }
        Version newest = Version.of(1_700_000_000_000L, each - 1, writers - 1);
        assertThat(present(NS, key("k")))
                .isEqualTo(Record.of(newest, newest.toString().getBytes()));
    }

    // ---- reads

    @Test
    void get_and_sight_agree() throws Exception {
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(provider.sight(NS, key("k"))).isEqualTo(new Sighting(false, Version.NONE));
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        assertThat(provider.sight(NS, key("k"))).isEqualTo(new Sighting(true, v(1)));
        provider.putIfNewer(NS, key("k"), Record.tombstone(v(2)));
        assertThat(provider.sight(NS, key("k"))).isEqualTo(new Sighting(true, v(2)));
    }

    @Test
    void every_awkward_key_is_a_key_of_its_own() throws Exception {
        List<Key> awkward = Generators.AWKWARD_KEYS;
        for (int i = 0; i < awkward.size(); i++) {
            provider.putIfNewer(NS, awkward.get(i), record(i, "value " + i));
        }
        for (int i = 0; i < awkward.size(); i++) {
            assertThat(present(NS, awkward.get(i))).as("%s", awkward.get(i)).isEqualTo(record(i, "value " + i));
        }
        assertThat(keys(ALL, null, 1000))
                .containsExactlyElementsOf(awkward.stream().sorted().toList());
    }

    @Test
    void namespaces_do_not_see_each_other() throws Exception {
        for (NamespaceId namespace : List.of(NS, NEXT_NS, LAST_NS, NamespaceId.SYSTEM)) {
            provider.putIfNewer(
                    namespace, key("k"), Record.of(v(1), namespace.toString().getBytes()));
            provider.putIfNewer(namespace, key("only " + namespace), record(1, "x"));
        }
        for (NamespaceId namespace : List.of(NS, NEXT_NS, LAST_NS, NamespaceId.SYSTEM)) {
            assertThat(present(namespace, key("k")))
                    .isEqualTo(Record.of(v(1), namespace.toString().getBytes()));
            Page page = provider.scan(namespace, ALL, null, 10);
            assertThat(page.rows()).extracting(Row::key).containsExactly(key("k"), key("only " + namespace));
            assertThat(page.end()).isTrue();
        }
        assertThat(present(NS, key("only " + NEXT_NS))).isNull();
    }

    @Test
    void values_from_nothing_to_the_limit_come_back_as_they_were() throws Exception {
        for (int size : new int[] {0, 1, 288, 1000, 1024, 4096, 8191, 8192, 65_536, 1_000_000, Limits.VALUE_BYTES}) {
            Record record = Record.of(v(1), new Generators(size).bytes(size));
            provider.putIfNewer(NS, key("k" + size), record);
            assertThat(present(NS, key("k" + size)).equals(record))
                    .as("%d bytes", size)
                    .isTrue();
            assertThat(provider.sight(NS, key("k" + size))).isEqualTo(new Sighting(true, v(1)));
        }
    }

    // ---- scans

    private List<Key> fill(int count) throws ProviderFault {
        List<Key> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Key key = key("%s/%03d".formatted(i % 2 == 0 ? "even" : "odd", i));
            provider.putIfNewer(NS, key, record(i, "v"));
            all.add(key);
        }
        Collections.sort(all);
        return all;
    }

    @Test
    void a_scan_pages_through_all_keys_in_order() throws Exception {
        List<Key> all = fill(25);
        for (int limit : new int[] {1, 4, 5, 24, 25, 26, 1000}) {
            List<Key> seen = new ArrayList<>();
            Page page;
            do {
                page = provider.scan(NS, ALL, seen.isEmpty() ? null : seen.getLast(), limit);
                assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
                assertThat(page.end() || !page.rows().isEmpty()).isTrue();
                page.rows().forEach(row -> seen.add(row.key()));
                assertThat(seen).as("limit %d", limit).hasSizeLessThanOrEqualTo(all.size());
            } while (!page.end());
            assertThat(seen).as("limit %d", limit).isEqualTo(all);
        }
    }

    @Test
    void a_scan_keeps_to_its_prefix() throws Exception {
        fill(10);
        provider.putIfNewer(NS, key("even"), record(1, "v"));
        provider.putIfNewer(NS, key("even0"), record(1, "v"));
        assertThat(keys("even/".getBytes(), null, 100)).hasSize(5).allMatch(k -> k.startsWith("even/".getBytes()));
        assertThat(keys("even".getBytes(), null, 100)).hasSize(7);
        assertThat(keys("even/".getBytes(), key("even/004"), 100)).containsExactly(key("even/006"), key("even/008"));
        assertThat(keys("even/".getBytes(), key("a"), 100))
                .as("after a key before the prefix")
                .hasSize(5);
        assertThat(keys("even/".getBytes(), key("odd/001"), 100))
                .as("after a key past the prefix")
                .isEmpty();
        assertThat(provider.scan(NS, "odd/009x".getBytes(), null, 100)).isEqualTo(new Page(List.of(), true, List.of()));
        assertThat(keys(new byte[] {(byte) 0xf4}, null, 100))
                .as("a prefix need not be whole characters")
                .isEmpty();
    }

    @Test
    void a_scan_continues_after_a_key_that_is_not_there() throws Exception {
        fill(4);
        assertThat(keys(ALL, key("even/001"), 100)).containsExactly(key("even/002"), key("odd/001"), key("odd/003"));
    }

    @Test
    void tombstones_and_expired_records_are_rows() throws Exception {
        provider.putIfNewer(NS, key("deleted"), Record.tombstone(v(1)));
        provider.putIfNewer(NS, key("expired"), Record.of(v(1), 1, new byte[0], new byte[] {1}));
        assertThat(provider.scan(NS, ALL, null, 10).rows())
                .extracting(Row::key)
                .containsExactly(key("deleted"), key("expired"));
    }

    @Test
    void the_heads_of_a_scan_are_those_of_the_records() throws Exception {
        Generators.forSeeds(20, any -> {
            try {
                Key key = any.key();
                provider.putIfNewer(NS, key, any.record(any.version()));
                Record present = present(NS, key);
                Page page = provider.scan(NS, key.bytes(), null, 1);
                assertThat(page.rows().getFirst().key()).isEqualTo(key);
                assertThat(page.rows().getFirst().head())
                        .usingRecursiveComparison()
                        .isEqualTo(RecordFormat.headOf(NS, key, present));
            } catch (ProviderFault e) {
                throw new AssertionError(e);
            }
        });
    }

    // ---- floors and collection

    @Test
    void an_absence_carries_the_floor() throws Exception {
        provider.raiseFloor(NS, v(5));
        assertThat(provider.floor(NS)).isEqualTo(v(5));
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Missing(v(5)));
        assertThat(provider.sight(NS, key("k"))).isEqualTo(new Sighting(false, v(5)));
        assertThat(provider.get(NEXT_NS, key("k"))).isEqualTo(new Lookup.Missing(Version.NONE));
    }

    @Test
    void a_floor_never_falls() throws Exception {
        provider.raiseFloor(NS, v(5));
        provider.raiseFloor(NS, v(4));
        assertThat(provider.floor(NS)).isEqualTo(v(5));
        provider.raiseFloor(NS, v(6));
        assertThat(provider.floor(NS)).isEqualTo(v(6));
    }

    @Test
    void an_absent_key_takes_nothing_at_or_below_the_floor() throws Exception {
        provider.raiseFloor(NS, v(5));
        assertThat(provider.putIfNewer(NS, key("k"), record(4, "x"))).isEqualTo(new Put(false, v(5)));
        assertThat(provider.putIfNewer(NS, key("k"), record(5, "x"))).isEqualTo(new Put(false, v(5)));
        assertThat(present(NS, key("k"))).isNull();
        assertThat(provider.putIfNewer(NS, key("k"), record(6, "x"))).isEqualTo(new Put(true, v(6)));
    }

    @Test
    void a_record_that_is_vouched_for_is_taken_below_the_floor() throws Exception {
        provider.raiseFloor(NS, v(5));
        assertThat(provider.restore(NS, key("k"), record(3, "lost"))).isEqualTo(new Put(true, v(3)));
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Present(record(3, "lost")));
        assertThat(provider.restore(NS, key("k"), record(2, "older"))).isEqualTo(new Put(false, v(3)));
    }

    @Test
    void a_present_key_is_decided_by_version_whatever_the_floor() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        provider.raiseFloor(NS, v(9));
        assertThat(present(NS, key("k"))).isEqualTo(record(1, "x"));
        assertThat(provider.putIfNewer(NS, key("k"), record(3, "y"))).isEqualTo(new Put(true, v(3)));
        assertThat(provider.putIfNewer(NS, key("k"), record(2, "z"))).isEqualTo(new Put(false, v(3)));
    }

    @Test
    void a_collected_delete_cannot_be_undone_by_a_late_write() throws Exception {
        provider.putIfNewer(NS, key("k"), Record.tombstone(v(2)));
        provider.raiseFloor(NS, v(2));
        assertThat(provider.collect(NS, List.of(new Exact(key("k"), v(2))))).isEqualTo(1);
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "late"))).isEqualTo(new Put(false, v(2)));
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Missing(v(2)));
    }

    @Test
    void only_exact_versions_are_collected() throws Exception {
        provider.putIfNewer(NS, key("a"), Record.tombstone(v(2)));
        provider.putIfNewer(NS, key("b"), Record.tombstone(v(3)));
        provider.putIfNewer(NS, key("c"), record(2, "whole"));
        List<Exact> rows = List.of(
                new Exact(key("a"), v(2)),
                new Exact(key("b"), v(2)),
                new Exact(key("c"), Version.NONE),
                new Exact(key("absent"), v(2)));
        assertThat(provider.collect(NS, rows)).isEqualTo(1);
        assertThat(keys(ALL, null, 10)).containsExactly(key("b"), key("c"));
        assertThat(provider.collect(NEXT_NS, List.of(new Exact(key("b"), v(3)))))
                .isZero();
        assertThat(provider.collect(NS, List.of())).isZero();
    }

    // ---- identity, vitals, what becomes of a place

    @Test
    void a_place_knows_its_identity() throws Exception {
        assertThat(provider.identity()).contains(IDENTITY);
        assertThat(provider.probe().identity()).isEqualTo(IDENTITY);
        assertThat(provider.probe().freeBytes()).isPositive();
    }

    @Test
    void nothing_is_there_until_a_place_is_initialised() throws Exception {
        wipe();
        provider = reopen();
        assertThat(provider.identity()).isEmpty();
        assertThatEverythingIsRolledBack();
        assertThat(provider.identity()).as("nothing was made by asking").isEmpty();
    }

    @Test
    void a_place_that_is_wiped_while_open_says_so_until_it_is_initialised() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        provider.raiseFloor(NS, v(1));
        wipe();
        assertThat(kind(() -> provider.putIfNewer(NS, key("k"), record(2, "x"))))
                .isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(provider.identity()).isEmpty();
        assertThatEverythingIsRolledBack();

        Identity anew = new Identity("ffeeddccbbaa99887766554433221100", 2);
        assertThat(provider.initialise(anew)).isEqualTo(anew);
        assertThat(provider.identity()).contains(anew);
        assertThat(provider.probe().highWater()).isEqualTo(Version.NONE);
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Missing(Version.NONE));
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "x"))).isEqualTo(new Put(true, v(1)));
    }

    private void assertThatEverythingIsRolledBack() {
        assertThat(kind(() -> provider.probe())).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.get(NS, key("k")))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.sight(NS, key("k")))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.putIfNewer(NS, key("k"), record(9, "x"))))
                .isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.scan(NS, ALL, null, 1))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.floor(NS))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.raiseFloor(NS, v(1)))).isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(() -> provider.collect(NS, List.of(new Exact(key("k"), v(1))))))
                .isEqualTo(FaultKind.ROLLED_BACK);
    }

    @Test
    void initialising_where_there_is_a_place_changes_nothing_and_says_which_it_is() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        Identity anew = new Identity("ffeeddccbbaa99887766554433221100", 2);
        assertThat(provider.initialise(anew)).isEqualTo(IDENTITY);
        assertThat(provider.identity()).contains(IDENTITY);
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Present(record(1, "x")));
    }

    @Test
    void the_high_water_mark_is_the_newest_version_ever_put_and_never_falls() throws Exception {
        assertThat(provider.probe().highWater()).isEqualTo(Version.NONE);
        provider.putIfNewer(NS, key("a"), record(3, "x"));
        provider.putIfNewer(NS, key("b"), record(2, "x"));
        provider.putIfNewer(NEXT_NS, key("c"), Record.tombstone(v(7)));
        assertThat(provider.probe().highWater()).isEqualTo(v(7));
        provider.collect(NEXT_NS, List.of(new Exact(key("c"), v(7))));
        assertThat(provider.probe().highWater()).isEqualTo(v(7));
    }

    @Test
    void what_was_acknowledged_is_there_after_reopening() throws Exception {
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        provider.putIfNewer(NS, key("gone"), Record.tombstone(v(2)));
        provider.raiseFloor(NS, v(2));
        provider.collect(NS, List.of(new Exact(key("gone"), v(2))));
        provider = reopen();
        assertThat(provider.identity()).isEqualTo(Optional.of(IDENTITY));
        assertThat(present(NS, key("k"))).isEqualTo(record(1, "x"));
        assertThat(provider.get(NS, key("gone"))).isEqualTo(new Lookup.Missing(v(2)));
        assertThat(provider.probe().highWater()).isEqualTo(v(2));
        assertThat(provider.putIfNewer(NS, key("new"), record(2, "x"))).isEqualTo(new Put(false, v(2)));
    }

    // ---- damage

    @Test
    void damage_is_found_out_repaired_by_a_put_and_collected() throws Exception {
        provider.putIfNewer(NS, key("a"), record(1, "x"));
        provider.putIfNewer(NS, key("k"), record(1, "x"));
        provider.putIfNewer(NS, key("z"), record(1, "x"));
        damage(NS, key("k"));
        assertThat(kind(() -> provider.get(NS, key("k")))).isEqualTo(FaultKind.CORRUPT);
        assertThat(kind(() -> provider.sight(NS, key("k")))).isEqualTo(FaultKind.CORRUPT);
        Page page = provider.scan(NS, ALL, null, 10);
        assertThat(page.rows()).extracting(Row::key).containsExactly(key("a"), key("z"));
        assertThat(page.damaged()).containsExactly(key("k"));

        assertThat(provider.putIfNewer(NS, key("k"), record(1, "x"))).isEqualTo(new Put(true, v(1)));
        assertThat(present(NS, key("k"))).isEqualTo(record(1, "x"));

        provider.raiseFloor(NS, v(9));
        damage(NS, key("k"));
        assertThat(provider.putIfNewer(NS, key("k"), record(1, "x")))
                .as("the floor is about absent keys, and this one is not")
                .isEqualTo(new Put(true, v(1)));
        damage(NS, key("k"));
        assertThat(provider.collect(NS, List.of(new Exact(key("k"), Version.NONE))))
                .isEqualTo(1);
        assertThat(provider.get(NS, key("k"))).isEqualTo(new Lookup.Missing(v(9)));
    }

    @Test
    void scanning_gets_past_a_stretch_of_damage() throws Exception {
        List<Key> all = fill(6);
        for (Key key : all.subList(1, 4)) {
            damage(NS, key);
        }
        List<Key> seen = new ArrayList<>();
        Key after = null;
        Page page;
        do {
            page = provider.scan(NS, ALL, after, 1);
            List<Key> here = new ArrayList<>(page.damaged());
            page.rows().forEach(row -> here.add(row.key()));
            seen.addAll(here.stream().sorted().toList());
            after = seen.getLast();
            assertThat(seen).hasSizeLessThanOrEqualTo(all.size());
        } while (!page.end());
        assertThat(seen).isEqualTo(all);
    }

    // ---- all of it at random

    @Test
    void random_operations_agree_with_a_model() {
        Generators.forSeeds(randomRuns(), any -> {
            try {
                NamespaceId namespace = any.namespace();
                new ProviderModel(any, provider, namespace).run(200);
            } catch (ProviderFault e) {
                throw new AssertionError(e);
            }
        });
    }

    /** How many sequences of 200 operations are compared with the model. */
    protected int randomRuns() {
        return 5;
    }

    @Test
    void a_closed_provider_fails_and_nothing_else() {
        provider.close();
        assertThatThrownBy(() -> provider.putIfNewer(NS, key("k"), record(1, "x")))
                .isInstanceOf(ProviderFault.class);
        assertThatThrownBy(() -> provider.get(NS, key("k"))).isInstanceOf(ProviderFault.class);
        assertThatThrownBy(() -> provider.scan(NS, ALL, null, 1)).isInstanceOf(ProviderFault.class);
    }
}

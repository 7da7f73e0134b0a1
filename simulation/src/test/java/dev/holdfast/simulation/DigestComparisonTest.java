package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Homes that are compared by digests of ranges hold the same afterwards, and little is read for it. */
class DigestComparisonTest {
    private static final int KEYS = 10_000;
    /** Above all keys. */
    private static final int FEW = 30;

    private static Key key(int number) {
        return Key.of("k%05d".formatted(number));
    }

    private static Record record(int version) {
        return Record.of(Version.of(1_000, version, 1), new byte[] {(byte) version, 7, 7});
    }

    /** A store whose two homes were both given all keys, behind its back. */
    private static ReplicatedStore filled(TwoHomes world) throws Exception {
        ReplicatedStore store = world.started();
        for (Provider place : List.of(world.placeA, world.placeB)) {
            for (int from = 0; from < KEYS; from += 250) {
                SortedMap<Key, Record> some = new TreeMap<>();
                for (int i = from; i < from + 250; i++) {
                    some.put(key(i), record(5));
                }
                place.putAll(NAMESPACE.id(), some, true);
            }
        }
        return store;
    }

    private static ComparisonPass compare(TwoHomes world, ReplicatedStore store) {
        long number = store.compareNow();
        world.await("all is compared", 600 * SECOND, () -> store.comparing().completed() >= number);
        return Objects.requireNonNull(store.comparing().pass());
    }

    private static void holdTheSame(TwoHomes world) {
        assertThat(rows(world.placeA)).isEqualTo(rows(world.placeB));
        assertThat(world.placeA.content(NAMESPACE.id()).damaged()).isEmpty();
        assertThat(world.placeB.content(NAMESPACE.id()).damaged()).isEmpty();
    }

    private static List<String> rows(SimulatedProvider place) {
        return place.content(NAMESPACE.id()).rows().stream()
                .map(row -> row.key() + " " + row.head() + " " + row.head().checksum())
                .toList();
    }

    /** What one home holds and the other does not. */
    private interface Difference {
        void make(TwoHomes world) throws Exception;
    }

    private static void find(int differing, Difference difference) {
        for (boolean both : new boolean[] {true, false}) {
            for (long seed = 0; seed < 3; seed++) {
                TwoHomes.inOneWorld(seed, world -> {
                    world.placeB.offerDigests();
                    if (both) {
                        world.placeA.offerDigests();
                    }
                    ReplicatedStore store = filled(world);
                    difference.make(world);
                    ComparisonPass pass = compare(world, store);
                    assertThat(pass.divergent()).isEqualTo(differing);
                    assertThat(pass.repaired()).isEqualTo(differing);
                    assertThat(pass.complete()).isTrue();
                    holdTheSame(world);
                    ComparisonPass second = compare(world, store);
                    assertThat(second.divergent()).isZero();
                    assertThat(second.requests())
                            .as("pages and digests of equal homes")
                            .isLessThan(FEW);
                    assertThat(allCurrent(store)).isTrue();
                });
            }
        }
    }

    @Test
    void olderRecordAtTheHomeThatDigestsIsFound() {
        find(1, world -> world.placeA.put(NAMESPACE.id(), key(4_711), record(6), true));
    }

    @Test
    void olderRecordAtTheHomeThatIsStreamedIsFound() {
        find(1, world -> world.placeB.put(NAMESPACE.id(), key(4_711), record(6), true));
    }

    @Test
    void keyThatOneHomeLacksIsFoundAtTheBeginningInTheMiddleAndBehindTheEnd() {
        find(3, world -> {
            world.placeA.put(NAMESPACE.id(), Key.of("a"), record(1), true);
            world.placeB.put(NAMESPACE.id(), Key.of("k05000x"), record(1), true);
            world.placeB.put(NAMESPACE.id(), Key.of("z"), record(1), true);
        });
    }

    @Test
    void manyKeysBehindTheEndOfWhatIsStreamedAreFound() {
        find(3_000, world -> {
            for (int i = 0; i < 3_000; i++) {
                world.placeB.put(NAMESPACE.id(), Key.of("z%05d".formatted(i)), record(1), true);
            }
        });
    }

    @Test
    void recordsOfOneVersionAndDifferentBytesAreFound() {
        find(
                1,
                world -> world.placeB.put(
                        NAMESPACE.id(), key(9_999), Record.of(record(5).version(), new byte[] {9, 9, 9}), true));
    }

    @Test
    void damageAtEitherHomeIsFound() {
        find(2, world -> {
            world.placeA.rot(NAMESPACE.id(), key(17), false);
            world.placeB.rot(NAMESPACE.id(), key(8_017), false);
        });
    }

    @Test
    void littleIsReadForOneKeyAmongMany() {
        TwoHomes.inOneWorld(1, world -> {
            world.placeA.offerDigests();
            world.placeB.offerDigests();
            ReplicatedStore store = filled(world);
            long before = world.placeB.calls();
            world.placeB.put(NAMESPACE.id(), key(1), record(6), true);
            ComparisonPass pass = compare(world, store);
            assertThat(pass.divergent()).isEqualTo(1);
            assertThat(pass.bytesRead())
                    .as("the rows of one home, and some of the other's")
                    .isLessThan(KEYS * 31L + 2 * 300 * 40);
            assertThat(world.placeB.calls() - before).isLessThan(1_000);
        });
    }

    @Test
    void writesUnderWayAreNoDifferences() {
        TwoHomes.inOneWorld(1, world -> {
            world.placeB.offerDigests();
            ReplicatedStore store = filled(world);
            AtomicBoolean over = new AtomicBoolean();
            world.time.fork("writer", () -> {
                for (int i = 0; !over.get(); i++) {
                    put(store, key(i * 37 % KEYS));
                    world.time.park(MILLI);
                }
            });
            ComparisonPass pass = compare(world, store);
            over.set(true);
            assertThat(pass.divergent()).isZero();
            assertThat(pass.complete()).isTrue();
            world.time.park(SECOND);
            holdTheSame(world);
        });
    }

    @Test
    void homeThatLostMostOfWhatItHeldIsRefilled() {
        TwoHomes.inOneWorld(1, world -> {
            world.placeA.offerDigests();
            world.placeB.offerDigests();
            ReplicatedStore store = filled(world);
            world.placeA.wipe();
            world.await("a is seen to be empty", 60 * SECOND, () -> !allCurrent(store));
            world.await("a is current again", 900 * SECOND, () -> allCurrent(store));
            holdTheSame(world);
        });
    }
}

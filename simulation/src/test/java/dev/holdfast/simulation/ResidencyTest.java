package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.Seals;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Receipt;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A namespace that may lie at two of three providers, whatever becomes of these. */
class ResidencyTest {
    private static final int KEYS = 50;

    /** The namespace of these tests lies at a and b, and everything else everywhere. */
    private record Within(boolean here, boolean known) implements Residency {
        @Override
        public boolean restricts(NamespaceId namespace) {
            return namespace.equals(NAMESPACE.id());
        }

        @Override
        public boolean at(NamespaceId namespace, String provider) {
            return !restricts(namespace) || (known && !provider.equals("far"));
        }

        @Override
        public boolean here(NamespaceId namespace) {
            return here || !restricts(namespace);
        }

        @Override
        public boolean known(NamespaceId namespace) {
            return known || !restricts(namespace);
        }
    }

    /** A node over three places. */
    private static final class Three {
        final TwoHomes world;
        final SimulatedProvider placeFar;
        final SimulatedDisk disk;
        final FaultyProvider far;
        final ReplicatedStore store;

        Three(TwoHomes world, Residency residency) throws Exception {
            this(world, residency, world.place("far"), world.disk());
        }

        Three(TwoHomes world, Residency residency, SimulatedProvider placeFar, SimulatedDisk disk) throws Exception {
            this(world, residency, placeFar, disk, "node");
        }

        Three(TwoHomes world, Residency residency, SimulatedProvider placeFar, SimulatedDisk disk, String name)
                throws Exception {
            this(world, residency, placeFar, disk, name, List.of(NAMESPACE.id()));
        }

        Three(
                TwoHomes world,
                Residency residency,
                SimulatedProvider placeFar,
                SimulatedDisk disk,
                String name,
                List<NamespaceId> namespaces)
                throws Exception {
            this.world = world;
            this.placeFar = placeFar;
            this.disk = disk;
            this.far = new FaultyProvider(placeFar, world.time);
            this.store = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT,
                    world.time,
                    disk,
                    name,
                    List.of(far, world.a, world.b),
                    new Rules(Seals.NONE, residency));
            store.start(() -> namespaces);
        }

        Receipt put(int key) {
            Written written = TwoHomes.put(store, Key.of("k" + key));
            assertThat(written).isInstanceOf(Written.Acknowledged.class);
            return ((Written.Acknowledged) written).receipt();
        }

        ProviderState state(String provider) {
            return store.status().providers().stream()
                    .filter(view -> view.name().equals(provider))
                    .map(ProviderView::state)
                    .findFirst()
                    .orElseThrow();
        }

        void nothingLiesFar() {
            for (int i = 0; i < KEYS; i++) {
                assertThat(placeFar.held(NAMESPACE.id(), Key.of("k" + i))).isNull();
            }
        }

        void readsAll() {
            for (int i = 0; i < KEYS; i++) {
                assertThat(store.get(NAMESPACE.id(), Key.of("k" + i), ReadMode.CONFIRMED))
                        .isInstanceOf(Answer.Found.class);
            }
            assertThat(store.get(NAMESPACE.id(), Key.of("none"), ReadMode.CONFIRMED))
                    .isInstanceOf(Answer.Missing.class);
        }

        void compare() {
            long pass = store.compareNow();
            world.await("all is compared", 120 * SECOND, () -> store.comparing().completed() >= pass);
        }
    }

    private static Fault gone() {
        return new Fault(FaultMode.ERROR, 1, Set.of(Operation.values()), Duration.ZERO);
    }

    @Test
    void whateverFailsNothingComesToTheProviderOutside() {
        inEveryWorld(world -> {
            Three node = new Three(world, new Within(true, true));
            for (int i = 0; i < KEYS; i++) {
                switch (i) {
                    case 10 -> world.b.inject(gone());
                    case 20 -> world.b.clear();
                    case 30 -> node.far.inject(gone());
                    case 40 -> node.far.clear();
                    default -> {}
                }
                Receipt receipt = node.put(i);
                assertThat(receipt.homes()).doesNotContain("far");
                assertThat(receipt.hinted()).doesNotContain("far");
                assertThat(receipt.shortOf()).isFalse();
            }
            node.readsAll();
            world.await("all are back", 60 * SECOND, () -> allCurrent(node.store));
            world.placeB.rot(NAMESPACE.id(), Key.of("k7"), true);
            node.compare();
            node.store.scrubNow();
            world.await(
                    "all is read", 600 * SECOND, () -> !node.store.scrubbing().running());
            node.readsAll();
            assertThat(node.store.residency().run(List.of(NAMESPACE.id()))).allSatisfy(held -> {
                assertThat(held.allowed()).isEqualTo(!held.provider().equals("far"));
                assertThat(held.keys()).isEqualTo(held.allowed() ? KEYS : 0);
                assertThat(held.unread()).isEmpty();
            });
            node.nothingLiesFar();
            node.store.close();
        });
    }

    @Test
    void aWipedProviderIsNotTakenForWholeByOneThatMayNotHoldWhatItHas() {
        inEveryWorld(world -> {
            Three before = new Three(world, new Within(true, true));
            for (int i = 0; i < KEYS; i++) {
                before.put(i);
            }
            world.await("all are there", 60 * SECOND, () -> allCurrent(before.store));
            before.store.close();
            world.a.inject(gone());
            world.placeB.wipe();
            // It remembers no version of any key.
            Three node = new Three(world, new Within(true, true), before.placeFar, before.disk);
            world.time.sleep(30 * SECOND);
            for (int i = 0; i < KEYS; i++) {
                assertThat(node.store.get(NAMESPACE.id(), Key.of("k" + i), ReadMode.CONFIRMED))
                        .isNotInstanceOf(Answer.Missing.class);
            }
            world.a.clear();
            world.await("all are back", 120 * SECOND, () -> allCurrent(node.store));
            node.readsAll();
            node.nothingLiesFar();
            node.store.close();
        });
    }

    @Test
    void twoWipedProvidersAreNotTakenForWholeByOneThatMayNotHoldWhatTheyHad() {
        inEveryWorld(world -> {
            Three before = new Three(world, new Within(true, true));
            for (int i = 0; i < KEYS; i++) {
                before.put(i);
            }
            world.await("all are there", 60 * SECOND, () -> allCurrent(before.store));
            before.store.close();
            world.placeA.wipe();
            world.placeB.wipe();
            Three node = new Three(world, new Within(true, true), before.placeFar, before.disk);
            world.time.sleep(30 * SECOND);
            for (int i = 0; i < KEYS; i++) {
                assertThat(node.store.get(NAMESPACE.id(), Key.of("k" + i), ReadMode.CONFIRMED))
                        .isNotInstanceOf(Answer.Missing.class);
            }
            assertThat(node.state("a")).isNotEqualTo(ProviderState.CURRENT);
            assertThat(node.state("b")).isNotEqualTo(ProviderState.CURRENT);
            node.store.close();
        });
    }

    /** Two jurisdictions, in each of which all providers are new. */
    @Test
    void allProvidersOfANewStoreBecomeCurrentThoughOneWasAwayAtTheStart() {
        NamespaceId elsewhere = new NamespaceId(7, 7);
        Residency apart = new Residency() {
            @Override
            public boolean restricts(NamespaceId namespace) {
                return namespace.equals(NAMESPACE.id()) || namespace.equals(elsewhere);
            }

            @Override
            public boolean at(NamespaceId namespace, String provider) {
                return !restricts(namespace) || namespace.equals(elsewhere) == provider.equals("far");
            }

            @Override
            public boolean here(NamespaceId namespace) {
                return true;
            }

            @Override
            public boolean known(NamespaceId namespace) {
                return true;
            }
        };
        inEveryWorld(world -> {
            world.placeB.cut(true);
            Three node = new Three(
                    world, apart, world.place("far"), world.disk(), "node", List.of(NAMESPACE.id(), elsewhere));
            world.time.sleep(10 * SECOND);
            assertThat(allCurrent(node.store)).isFalse();
            world.placeB.cut(false);
            world.await("all are current", 120 * SECOND, () -> allCurrent(node.store));
            node.store.close();
        });
    }

    /** A node outside that serves what a node inside has written, and both homes. */
    private static final class Outside {
        final SimulatedDisk disk;
        final Three inside;
        final Three node;

        Outside(TwoHomes world) throws Exception {
            inside = new Three(world, new Within(true, true));
            for (int i = 0; i < KEYS; i++) {
                inside.put(i);
            }
            world.await("all are there", 60 * SECOND, () -> allCurrent(inside.store));
            disk = world.disk();
            node = new Three(world, new Within(false, true), inside.placeFar, disk, "outside");
            world.await("all are current", 60 * SECOND, () -> allCurrent(node.store));
        }

        void keepsNothing() {
            assertThat(kept(disk)).isEmpty();
        }

        /** What lies on a disk of the namespace: names of keys, and what they hold. */
        static List<String> kept(SimulatedDisk disk) {
            String id = text(Arrays.copyOf(new KeyRef(NAMESPACE.id(), Key.of("k")).bytes(), NamespaceId.BYTES));
            List<String> found = new ArrayList<>();
            for (Table table : List.of(Table.HINTS, Table.FEED, Table.QUARANTINE)) {
                disk.durable(table).stream()
                        .map(row -> text(row.key()) + text(row.value()))
                        .filter(row -> row.contains(id))
                        .forEach(row -> found.add(table + " " + row));
            }
            return found;
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static void lose(SimulatedProvider place, Key key) throws ProviderFault {
        Head held = place.held(NAMESPACE.id(), key);
        assertThat(held).isNotNull();
        place.collect(NAMESPACE.id(), List.of(new Provider.Exact(key, held.version())));
    }

    /** What happens at a node outside when none inside is there any more. */
    private interface Story {
        void of(TwoHomes world, Outside outside) throws Exception;
    }

    /** Plays it in every world; nothing of what the namespace holds may lie on the disk of that node at the end. */
    private static void outsideAlone(Story story) {
        inEveryWorld(world -> {
            Outside outside = new Outside(world);
            outside.inside.store.close();
            story.of(world, outside);
            outside.keepsNothing();
            outside.node.store.close();
        });
    }

    @Test
    void aNodeOutsideMendsWhatItReadsAndKeepsNothingOfIt() {
        outsideAlone((world, outside) -> {
            Key key = Key.of("k3");
            lose(world.placeB, key);
            assertThat(outside.node.store.get(NAMESPACE.id(), key, ReadMode.CONFIRMED))
                    .isInstanceOf(Answer.Found.class);
            assertThat(world.placeB.held(NAMESPACE.id(), key))
                    .as("at its second home by the time of the answer")
                    .isNotNull();
        });
    }

    @Test
    void aNodeOutsideAnswersWithNothingThatItCannotBringToASecondHome() {
        outsideAlone((world, outside) -> {
            Key key = Key.of("k3");
            lose(world.placeB, key);
            world.b.inject(new Fault(FaultMode.ERROR, 1, Set.of(Operation.PUT), Duration.ZERO));
            Answer answer = outside.node.store.get(NAMESPACE.id(), key, ReadMode.CONFIRMED);
            boolean secondIsTrusted = outside.node.state("b") == ProviderState.CURRENT;
            assertThat(answer instanceof Answer.Found && secondIsTrusted).isFalse();
            assertThat(answer).isNotInstanceOf(Answer.Missing.class);
        });
    }

    @Test
    void aNodeOutsideComparesAndKeepsNothingOfWhatItRepairs() {
        outsideAlone((world, outside) -> {
            for (int i = 0; i < 10; i++) {
                lose(world.placeB, Key.of("k" + i));
            }
            outside.node.compare();
            for (int i = 0; i < 10; i++) {
                assertThat(world.placeB.held(NAMESPACE.id(), Key.of("k" + i))).isNotNull();
            }
        });
    }

    @Test
    void aNodeOutsideKeepsNoNameOfAKeyThatIsDamagedEverywhere() {
        outsideAlone((world, outside) -> {
            Key key = Key.of("k3");
            world.placeA.rot(NAMESPACE.id(), key, true);
            world.placeB.rot(NAMESPACE.id(), key, true);
            outside.node.store.scrubNow();
            world.await(
                    "all is read",
                    600 * SECOND,
                    () -> !outside.node.store.scrubbing().running());
            assertThat(outside.node.store.scrubbing().damaged()).isNotEmpty();
            String name = HexFormat.of().formatHex(new KeyRef(NAMESPACE.id(), key).bytes());
            assertThat(outside.disk.durable(Table.NODE))
                    .allSatisfy(row -> assertThat(Outside.text(row.value())).doesNotContain(name));
        });
    }

    @Test
    void aNodeOutsideBelievesNoRecordOfTheFutureAndLeavesItToOneInside() {
        inEveryWorld(world -> {
            Outside outside = new Outside(world);
            Key key = Key.of("k3");
            Version future = Version.of(world.time.wallMillis() + 3_600_000, 0, 1);
            world.placeB.putIfNewer(NAMESPACE.id(), key, Record.of(future, new byte[] {2}));
            Answer answer = outside.node.store.get(NAMESPACE.id(), key, ReadMode.FRESH);
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().value()).containsExactly(1));
            outside.node.compare();
            outside.keepsNothing();
            assertThat(world.placeB.held(NAMESPACE.id(), key)).isNotNull();
            assertThat(outside.inside.store.get(NAMESPACE.id(), key, ReadMode.FRESH))
                    .isInstanceOf(Answer.Found.class);
            assertThat(outside.inside.store.status().counters().quarantined()).isEqualTo(1);
            outside.node.store.close();
            outside.inside.store.close();
        });
    }

    /**
     * A node inside that has kept hints for b, and is outside from its next start on.
     *
     * @param lost whether a loses what it has before that
     */
    private static Three leaves(TwoHomes world, boolean lost) throws Exception {
        Three inside = new Three(world, new Within(true, true));
        world.await("all are current", 60 * SECOND, () -> allCurrent(inside.store));
        world.b.inject(gone());
        for (int i = 0; i < KEYS; i++) {
            inside.put(i);
        }
        assertThat(Outside.kept(inside.disk)).isNotEmpty();
        inside.store.close();
        for (int i = 0; lost && i < KEYS; i++) {
            lose(world.placeA, Key.of("k" + i));
        }
        return new Three(world, new Within(false, true), inside.placeFar, inside.disk);
    }

    @Test
    void aNodeThatIsOutsideFromNowOnErasesWhatItKeptAndLosesNothing() {
        inEveryWorld(world -> {
            Three node = leaves(world, false);
            world.await(
                    "all is erased", 90 * SECOND, () -> Outside.kept(node.disk).isEmpty());
            node.readsAll();
            world.b.clear();
            world.await("b is back", 120 * SECOND, () -> allCurrent(node.store));
            for (int i = 0; i < KEYS; i++) {
                assertThat(world.placeB.held(NAMESPACE.id(), Key.of("k" + i))).isNotNull();
            }
            assertThat(Outside.kept(node.disk)).isEmpty();
            node.nothingLiesFar();
            node.store.close();
        });
    }

    @Test
    void theLastCopyOfAWriteStaysAtANodeOutsideUntilAnotherProviderHasIt() {
        inEveryWorld(world -> {
            Three node = leaves(world, true);
            world.time.sleep(150 * SECOND);
            assertThat(Outside.kept(node.disk)).hasSizeGreaterThanOrEqualTo(KEYS);
            world.b.clear();
            world.await(
                    "b has been given all",
                    120 * SECOND,
                    () -> Outside.kept(node.disk).isEmpty());
            node.readsAll();
            node.store.close();
        });
    }

    @Test
    void whatWasKeptForAProviderThatIsOutsideFromNowOnDoesNotComeThere() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            SimulatedProvider placeFar = world.place("far");
            Three before = new Three(world, Residency.ANYWHERE, placeFar, disk);
            world.await("all are current", 60 * SECOND, () -> allCurrent(before.store));
            before.far.inject(gone());
            for (int i = 0; i < KEYS; i++) {
                before.put(i);
            }
            before.store.close();
            Three node = new Three(world, new Within(true, true), placeFar, disk);
            world.await("all are current", 120 * SECOND, () -> allCurrent(node.store));
            node.nothingLiesFar();
            node.readsAll();
            node.store.close();
        });
    }

    @Test
    void aNodeOutsideOrOneThatDoesNotKnowTakesNoWrites() {
        for (Within residency : List.of(new Within(false, true), new Within(true, false))) {
            inEveryWorld(world -> {
                Three node = new Three(world, residency);
                assertThat(node.store.put(
                                NAMESPACE, Key.of("k"), new byte[1], new byte[0], Record.NEVER, Condition.NONE))
                        .isInstanceOfSatisfying(
                                Written.Refused.class,
                                refused -> assertThat(refused.why().reason()).isEqualTo(Reason.JURISDICTION));
                Answer read = node.store.get(NAMESPACE.id(), Key.of("k"), ReadMode.CONFIRMED);
                assertThat(read).isInstanceOf(residency.known() ? Answer.Missing.class : Answer.Unavailable.class);
                node.store.close();
            });
        }
    }
}

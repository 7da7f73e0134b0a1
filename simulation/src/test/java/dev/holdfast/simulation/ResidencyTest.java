package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Operation;
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
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.time.Duration;
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
            this.world = world;
            this.placeFar = placeFar;
            this.disk = disk;
            this.far = new FaultyProvider(placeFar, world.time);
            this.store = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT,
                    world.time,
                    disk,
                    "node",
                    List.of(far, world.a, world.b),
                    new Rules(Seals.NONE, residency));
            store.start(() -> List.of(NAMESPACE.id()));
        }

        Receipt put(int key) {
            Written written = TwoHomes.put(store, Key.of("k" + key));
            assertThat(written).isInstanceOf(Written.Acknowledged.class);
            return ((Written.Acknowledged) written).receipt();
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

package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.SealingRun;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.replication.sealing.MasterKeys;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Of a sealed namespace the homes hold ciphertext, and all that holds for others holds for it. */
class SealedTest {
    private static final Key KEY = Key.of("k");
    private static final byte[] VALUE = "in the clear".getBytes(StandardCharsets.UTF_8);
    private static final byte[] METADATA = "{\"m\":1}".getBytes(StandardCharsets.UTF_8);

    /** A node of a store whose catalogue needs no provider. */
    private static final class Sealed implements Catalogue {
        private final Map<String, Entry> entries = new TreeMap<>();
        final NamespaceSeals seals;
        final ReplicatedStore store;

        Sealed(TwoHomes world, SimulatedDisk disk, boolean withKey) throws Exception {
            this(world, disk, withKey, List.of(world.a, world.b));
        }

        Sealed(TwoHomes world, SimulatedDisk disk, boolean withKey, List<Provider> providers) throws Exception {
            MasterKeys masters = withKey ? new MasterKeys(Map.of("eu", new byte[MasterKeys.BYTES])) : MasterKeys.NONE;
            seals = new NamespaceSeals(masters, world.time, world.time.random());
            store = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT,
                    world.time,
                    disk,
                    "node",
                    providers,
                    new Rules(seals, Residency.ANYWHERE));
            seals.by(this);
            store.start(() -> List.of(NAMESPACE.id()));
        }

        Sealed with(Sealed other) {
            entries.putAll(other.entries);
            return this;
        }

        @Override
        public Optional<Entry> get(String name) {
            return Optional.ofNullable(entries.get(name));
        }

        @Override
        public Map<String, Entry> entries(String prefix) {
            Map<String, Entry> found = new TreeMap<>(entries);
            found.keySet().removeIf(name -> !name.startsWith(prefix));
            return found;
        }

        @Override
        public void put(String name, Entry entry) {
            entries.put(name, entry);
        }

        Version put(Key key) {
            Written written = store.put(NAMESPACE, key, VALUE, METADATA, Record.NEVER, Condition.NONE);
            assertThat(written).isInstanceOf(Written.Acknowledged.class);
            return ((Written.Acknowledged) written).receipt().version();
        }

        Answer read(Key key) {
            return store.get(NAMESPACE.id(), key, ReadMode.FRESH);
        }

        void readsAsWritten(Key key, Version version) {
            assertThat(read(key))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record())
                                    .isEqualTo(Record.of(version, Record.NEVER, METADATA, VALUE)));
        }

        /** What a reader of the feed hears of the namespace. */
        List<Record> told(ChangeLog.Position after) throws InterruptedException {
            return switch (store.changes().read(after, 10_000, 0)) {
                case ChangeLog.Page.Changes(var changes, var _) ->
                    changes.stream()
                            .filter(change -> change.namespace().equals(NAMESPACE.id()))
                            .map(ChangeLog.Change::record)
                            .toList();
                case ChangeLog.Page.Gap gap -> throw new AssertionError(gap);
            };
        }

        List<SealingRun.Place> run(boolean sealing) throws Exception {
            SealingRun run = store.sealing(NAMESPACE.id(), sealing);
            run.run();
            return run.places();
        }
    }

    /** A node whose catalogue is the one of the store, which other nodes share. */
    private static final class Sharing implements AutoCloseable {
        final NamespaceSeals seals;
        final ReplicatedStore store;
        final ReplicatedCatalogue catalogue;

        Sharing(TwoHomes world, String name) throws Exception {
            SimulatedDisk disk = world.disk();
            seals = new NamespaceSeals(
                    new MasterKeys(Map.of("eu", new byte[MasterKeys.BYTES])), world.time, world.time.random());
            store = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT,
                    world.time,
                    disk,
                    name,
                    List.of(world.a, world.b),
                    new Rules(seals, Residency.ANYWHERE));
            catalogue = new ReplicatedCatalogue(world.time, disk, store.clock(), store.system(), new byte[32]);
            seals.by(catalogue);
            store.start(() -> List.of(NAMESPACE.id()));
            catalogue.start();
        }

        Written put() {
            return put(KEY);
        }

        Written put(Key key) {
            return store.put(NAMESPACE, key, VALUE, METADATA, Record.NEVER, Condition.NONE);
        }

        @Override
        public void close() {
            catalogue.close();
            store.close();
        }
    }

    @Test
    void aNewNodeWritesNothingInTheClearOfWhichItDoesNotKnowYetThatItIsSealed() {
        String entry = Catalogue.NAMESPACES + NAMESPACE.id();
        inEveryWorld(world -> {
            Sharing first = new Sharing(world, "first");
            first.catalogue.put(entry, new Catalogue.Entry(new byte[0], 0));
            world.await(
                    "both have the namespace",
                    60 * SECOND,
                    () -> world.placeB.held(NamespaceId.SYSTEM, Key.of("catalogue/" + entry)) != null);
            world.cutOffB(first.store);
            first.seals.begin(NAMESPACE.id(), "eu");
            first.close();
            world.placeA.cut(true);
            world.placeB.cut(false);
            Sharing fresh = new Sharing(world, "fresh");
            world.await(
                    "it has the namespace",
                    60 * SECOND,
                    () -> fresh.catalogue.get(entry).isPresent());
            assertThat(fresh.put())
                    .isInstanceOfSatisfying(
                            Written.Refused.class,
                            refused -> assertThat(refused.why().reason()).isEqualTo(Reason.SEALED));
            assertThat(world.placeB.record(NAMESPACE.id(), KEY)).isNull();
            world.placeA.cut(false);
            world.await("it may write", 120 * SECOND, () -> fresh.put() instanceof Written.Acknowledged);
            assertThat(at(world.placeB, KEY).sealed()).isTrue();
            fresh.close();
        });
    }

    @Test
    void onceItIsDoneNothingLiesInTheClearThatAnotherNodeHasWrittenBeforeItKnewOrWritesFromThenOn() {
        inEveryWorld(world -> {
            Sharing first = new Sharing(world, "first");
            first.catalogue.put(Catalogue.NAMESPACES + NAMESPACE.id(), new Catalogue.Entry(new byte[0], 0));
            Sharing second = new Sharing(world, "second");
            world.await("it may write", 60 * SECOND, () -> second.put() instanceof Written.Acknowledged);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            Thread writer = world.time.fork("writer", () -> {
                while (!over.get()) {
                    second.put(Key.of("k" + written.getAndIncrement()));
                    world.time.park(SECOND / 10);
                }
            });
            first.seals.begin(NAMESPACE.id(), "eu");
            SealingRun run = first.store.sealing(NAMESPACE.id(), true);
            run.run();
            assertThat(run.unaware()).isEmpty();
            assertThat(run.places()).allSatisfy(place -> {
                assertThat(place.unread()).isEmpty();
                assertThat(place.clear()).isZero();
            });
            second.put(Key.of("k" + written.getAndIncrement()));
            over.set(true);
            writer.join();
            for (int i = 0; i < written.get(); i++) {
                for (SimulatedProvider place : List.of(world.placeA, world.placeB)) {
                    Record record = place.record(NAMESPACE.id(), Key.of("k" + i));
                    assertThat(record == null || record.sealed())
                            .as("whether k" + i + " of " + written + " is sealed")
                            .isTrue();
                }
            }
            first.close();
            second.close();
        });
    }

    @Test
    void itIsNotDoneForANodeThatIsAwayAndMayWriteInTheClearWhenItReturns() {
        inEveryWorld(world -> {
            Sharing first = new Sharing(world, "first");
            first.catalogue.put(Catalogue.NAMESPACES + NAMESPACE.id(), new Catalogue.Entry(new byte[0], 0));
            Sharing away = new Sharing(world, "away");
            world.await("it may write", 60 * SECOND, () -> away.put() instanceof Written.Acknowledged);
            away.close();
            first.seals.begin(NAMESPACE.id(), "eu");
            SealingRun run = first.store.sealing(NAMESPACE.id(), true);
            run.run();
            assertThat(run.unaware()).contains("away").contains("remove a node that is gone for good");
            first.close();
        });
    }

    @Test
    void theFirstNodeOfANewStoreWritesAtOnceAlsoWithAProviderAway() {
        inEveryWorld(world -> {
            world.placeB.cut(true);
            Sharing first = new Sharing(world, "first");
            first.catalogue.put(Catalogue.NAMESPACES + NAMESPACE.id(), new Catalogue.Entry(new byte[0], 0));
            assertThat(first.put()).isInstanceOf(Written.Acknowledged.class);
            first.close();
        });
    }

    private static Record at(SimulatedProvider place, Key key) {
        Record record = place.record(NAMESPACE.id(), key);
        assertThat(record).isNotNull();
        return record;
    }

    @Test
    void bothHomesHoldTheSameCiphertextAndReadersTheClearRecord() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            node.seals.begin(NAMESPACE.id(), "eu");
            ChangeLog.Position before = node.store.changes().newest();
            Version version = node.put(KEY);
            assertThat(at(world.placeA, KEY).sealed()).isTrue();
            assertThat(at(world.placeA, KEY)).isEqualTo(at(world.placeB, KEY));
            assertThat(at(world.placeA, KEY).version()).isEqualTo(version);
            assertThat(new String(at(world.placeA, KEY).value(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("clear");
            node.readsAsWritten(KEY, version);
            assertThat(node.store.list(NAMESPACE.id(), new byte[0], null, 10))
                    .isInstanceOfSatisfying(
                            Listing.Keys.class,
                            page -> assertThat(page.keys())
                                    .singleElement()
                                    .extracting(Listed::head)
                                    .satisfies(head -> {
                                        assertThat(head.metadata()).isEqualTo(METADATA);
                                        assertThat(head.valueBytes()).isEqualTo(VALUE.length);
                                    }));
            assertThat(node.told(before)).containsExactly(Record.of(version, Record.NEVER, METADATA, VALUE));
            assertThat(node.store.put(NAMESPACE, KEY, VALUE, METADATA, Record.NEVER, new Condition.Matches(version)))
                    .isInstanceOf(Written.Acknowledged.class);
            assertThat(node.store.put(NAMESPACE, KEY, VALUE, METADATA, Record.NEVER, new Condition.Matches(version)))
                    .isInstanceOf(Written.ConditionFailed.class);
            node.store.close();
        });
    }

    @Test
    void whatLiesInTheClearIsSealedAtTheVersionThatItHasAndDoingItAgainChangesNothing() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            Version old = node.put(KEY);
            for (int i = 0; i < 300; i++) {
                node.put(Key.of("k" + i));
            }
            node.store.delete(NAMESPACE, Key.of("k7"), Condition.NONE);
            node.seals.begin(NAMESPACE.id(), "eu");
            assertThat(node.run(false)).allSatisfy(place -> {
                assertThat(place.clear()).isEqualTo(300);
                assertThat(place.unread()).isEmpty();
            });
            ChangeLog.Position before = node.store.changes().newest();
            assertThat(node.run(true)).allSatisfy(place -> {
                assertThat(place.clear()).isZero();
                assertThat(place.sealed()).isEqualTo(300);
            });
            Record first = at(world.placeA, KEY);
            assertThat(first.sealed()).isTrue();
            assertThat(first).isEqualTo(at(world.placeB, KEY));
            node.readsAsWritten(KEY, old);
            assertThat(node.told(before)).as("what is told of it").isEmpty();
            assertThat(node.read(Key.of("k7"))).isInstanceOf(Answer.Missing.class);
            assertThat(node.run(true))
                    .allSatisfy(place -> assertThat(place.clear()).isZero());
            assertThat(at(world.placeA, KEY)).isEqualTo(first);
            assertThat(allCurrent(node.store)).isTrue();
            node.store.close();
        });
    }

    @Test
    void writesAndDeletesWhileRowsAreSealedAreNotUndone() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            for (int i = 0; i < 100; i++) {
                node.put(Key.of("k" + i));
            }
            node.seals.begin(NAMESPACE.id(), "eu");
            Thread sealing = world.time.fork("sealing", () -> {
                try {
                    node.run(true);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            Map<Key, Version> newest = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                Key key = Key.of("k" + i);
                if (i % 2 == 0) {
                    newest.put(key, node.put(key));
                } else {
                    node.store.delete(NAMESPACE, key, Condition.NONE);
                }
            }
            sealing.join();
            for (int i = 0; i < 100; i++) {
                Key key = Key.of("k" + i);
                if (i % 2 == 0) {
                    node.readsAsWritten(key, newest.get(key));
                    assertThat(at(world.placeA, key).sealed()).isTrue();
                } else {
                    assertThat(node.read(key)).isInstanceOf(Answer.Missing.class);
                }
            }
            node.store.close();
        });
    }

    @Test
    void aHintOfTheTimeBeforeBringsNothingClearToAProviderThatReturns() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            world.b.inject(new Fault(FaultMode.ERROR, 1, Set.of(Operation.values()), Duration.ZERO));
            Version version = node.put(KEY);
            node.seals.begin(NAMESPACE.id(), "eu");
            world.b.clear();
            world.await("b has it", 60 * SECOND, () -> world.placeB.record(NAMESPACE.id(), KEY) != null);
            assertThat(at(world.placeB, KEY).sealed()).isTrue();
            node.readsAsWritten(KEY, version);
            node.store.close();
        });
    }

    @Test
    void aRecordThatAProviderHasForgedIsOutvotedAndRepaired() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            node.seals.begin(NAMESPACE.id(), "eu");
            Version version = node.put(KEY);
            Record honest = at(world.placeB, KEY);
            byte[] value = new byte[honest.value().length];
            value[0] = 1;
            // Orders before the honest one, as a forger would have it who wants to be repaired, and after it, who does
            // not.
            for (byte filling : new byte[] {0, -1}) {
                Arrays.fill(value, 1, value.length, filling);
                Record forged = honest.sealed(honest.metadata(), value);
                world.placeA.collect(NAMESPACE.id(), List.of(new Provider.Exact(KEY, version)));
                world.placeA.restore(NAMESPACE.id(), KEY, forged);
                assertThat(at(world.placeA, KEY)).isEqualTo(forged);
                for (int i = 0; i < 5; i++) {
                    node.readsAsWritten(KEY, version);
                }
                assertThat(at(world.placeB, KEY))
                        .as("what the other home holds")
                        .isEqualTo(honest);
            }
            node.store.close();
        });
    }

    @Test
    void withoutTheKeyThereIsNeitherAnAnswerNorAnAbsenceNorAWriteAndADeleteIsOne() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Sealed node = new Sealed(world, disk, true);
            node.seals.begin(NAMESPACE.id(), "eu");
            node.put(KEY);
            node.store.close();
            Sealed without = new Sealed(world, disk, false).with(node);
            assertThat(without.read(KEY)).isInstanceOfSatisfying(Answer.Unavailable.class, refused -> {
                assertThat(refused.why().reason()).isEqualTo(Reason.SEALED);
                assertThat(refused.why().sentence()).contains("master key eu");
            });
            assertThat(without.store.list(NAMESPACE.id(), new byte[0], null, 10))
                    .isInstanceOf(Listing.Unavailable.class);
            assertThat(without.store.put(NAMESPACE, KEY, VALUE, METADATA, Record.NEVER, Condition.NONE))
                    .isInstanceOfSatisfying(
                            Written.Refused.class,
                            refused -> assertThat(refused.why().reason()).isEqualTo(Reason.SEALED));
            assertThat(at(world.placeA, KEY).sealed()).isTrue();
            assertThat(without.store.delete(NAMESPACE, KEY, Condition.NONE)).isInstanceOf(Written.Acknowledged.class);
            assertThat(without.read(KEY)).isInstanceOf(Answer.Missing.class);
            without.store.close();
        });
    }

    @Test
    void aRecordThatIsImportedTwiceIsTheSameBytesBothTimes() {
        inEveryWorld(world -> {
            Sealed node = new Sealed(world, world.disk(), true);
            node.seals.begin(NAMESPACE.id(), "eu");
            Record old =
                    Record.of(Version.of(world.time.wallMillis() - 3_600_000, 7, 77), Record.NEVER, METADATA, VALUE);
            for (int i = 0; i < 2; i++) {
                assertThat(node.store.restore(NAMESPACE, KEY, old)).isInstanceOf(Written.Acknowledged.class);
            }
            assertThat(at(world.placeA, KEY)).isEqualTo(at(world.placeB, KEY));
            node.readsAsWritten(KEY, old.version());
            node.store.close();
        });
    }
}

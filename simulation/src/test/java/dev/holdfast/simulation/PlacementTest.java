package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.HomesAudit.Found;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Role;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Providers come and go while a node serves (DESIGN rule 24). */
class PlacementTest {
    private static final int KEYS = 200;

    private static ProviderView view(ReplicatedStore store, String name) {
        return store.status().providers().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean complete(ReplicatedStore store, String name) {
        return view(store, name).placed().complete();
    }

    private static void done(Changed changed, Role role) {
        assertThat(changed).isEqualTo(new Changed.Done(role));
    }

    /** Until it holds all. */
    private static void joins(TwoHomes world, ReplicatedStore store, Provider fresh) throws LocalStoreFault {
        done(store.placement().add(fresh), Role.JOINING);
        world.await(fresh.name() + " holds all", 60 * SECOND, () -> complete(store, fresh.name()));
    }

    private static void fill(ReplicatedStore store) {
        for (int i = 0; i < KEYS; i++) {
            assertThat(put(store, Key.of("before-" + i))).isInstanceOf(Written.Acknowledged.class);
        }
    }

    private static Found audit(ReplicatedStore store) throws InterruptedException {
        return store.homes().run(List.of(NAMESPACE), Optional.empty());
    }

    @Test
    void allThatIsThereAndAllThatComesIsAtAProviderBeforeItsWordCounts() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            SimulatedProvider c = world.place("c");
            AtomicInteger failed = new AtomicInteger();
            AtomicInteger written = new AtomicInteger();
            boolean[] over = new boolean[1];
            for (int i = 0; i < 4; i++) {
                int writer = i;
                world.time.fork("writer", () -> {
                    for (int n = 0; !over[0]; n++) {
                        boolean kept = put(store, Key.of(writer + "-" + n)) instanceof Written.Acknowledged;
                        (kept ? written : failed).incrementAndGet();
                    }
                });
            }
            done(store.placement().add(c), Role.JOINING);
            assertThat(store.placement().promote("c")).isInstanceOf(Changed.Refused.class);
            world.await("c holds all", 60 * SECOND, () -> complete(store, "c"));
            done(store.placement().promote("c"), Role.SERVING);
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(store));
            over[0] = true;
            world.time.park(SECOND);
            assertThat(failed.get()).isZero();
            assertThat(written.get()).isGreaterThan(100);
            Found found = audit(store);
            assertThat(found.keys()).isEqualTo(KEYS + written.get());
            assertThat(found.shortOf()).isZero();
            assertThat(found.digests().get("c")).isEqualTo(found.digests().get("a"));
            store.close();
        });
    }

    @Test
    void bothProvidersAreReplacedUnderWritesAndReadsAndNothingFailsOrIsLost() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            SimulatedProvider c = world.place("c");
            SimulatedProvider d = world.place("d");
            List<Key> acknowledged = new ArrayList<>();
            List<Object> wrong = new ArrayList<>();
            boolean[] over = new boolean[1];
            world.time.fork("user", () -> {
                for (int n = 0; !over[0]; n++) {
                    Key key = Key.of("k" + n);
                    Written write = put(store, key);
                    Answer read = store.get(NAMESPACE.id(), key, ReadMode.CONFIRMED);
                    if (write instanceof Written.Acknowledged && read instanceof Answer.Found) {
                        acknowledged.add(key);
                    } else {
                        wrong.add(List.of(write, read));
                    }
                }
            });
            for (Provider fresh : List.of(c, d)) {
                joins(world, store, fresh);
                done(store.placement().promote(fresh.name()), Role.SERVING);
            }
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(store));
            for (String old : List.of("a", "b")) {
                done(store.placement().demote(old, 2), Role.LEAVING);
                assertThat(store.homes()
                                .run(List.of(NAMESPACE), Optional.of(old))
                                .shortOf())
                        .isZero();
                done(store.placement().remove(old), Role.REMOVED);
            }
            world.time.park(SECOND);
            over[0] = true;
            world.time.park(SECOND);
            assertThat(wrong).isEmpty();
            long calls = world.placeA.calls() + world.placeB.calls();
            for (Key key : acknowledged) {
                assertThat(store.get(NAMESPACE.id(), key, ReadMode.FRESH)).isInstanceOf(Answer.Found.class);
            }
            assertThat(world.placeA.calls() + world.placeB.calls()).isEqualTo(calls);
            assertThat(audit(store).shortOf()).isZero();
            store.close();
        });
    }

    @Test
    void aProviderIsNotDemotedWhileItIsNeededNorRemovedWhileItServes() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            assertThat(store.placement().demote("a", 2)).isInstanceOf(Changed.Refused.class);
            assertThat(store.placement().remove("a")).isInstanceOf(Changed.Refused.class);
            assertThat(store.placement().promote("z")).isInstanceOf(Changed.Refused.class);
            done(store.placement().demote("a", 1), Role.LEAVING);
            assertThat(store.placement().demote("b", 1)).isInstanceOf(Changed.Refused.class);
            done(store.placement().promote("a"), Role.SERVING);
            store.close();
        });
    }

    @Test
    void whatAProviderIsOutlivesARestart() {
        TwoHomes.inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            ReplicatedStore store = world.started(disk);
            fill(store);
            SimulatedProvider c = world.place("c");
            done(store.placement().add(c), Role.JOINING);
            store.close();
            ReplicatedStore again = ReplicatedStore.open(
                    ReplicationConfig.DEFAULT, world.time, disk, "node", List.of(world.a, world.b, c));
            again.start(() -> List.of(NAMESPACE.id()));
            assertThat(put(again, Key.of("after"))).isInstanceOf(Written.Acknowledged.class);
            assertThat(view(again, "c").placed().role()).isEqualTo(Role.JOINING);
            world.await("c holds all", 60 * SECOND, () -> complete(again, "c"));
            done(again.placement().promote("c"), Role.SERVING);
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(again));
            done(again.placement().demote("a", 2), Role.LEAVING);
            done(again.placement().remove("a"), Role.REMOVED);
            assertThat(ReplicatedStore.removedFrom(disk)).containsExactly("a");
            again.close();
        });
    }

    @Test
    void aProviderThatIsAwayWhileItJoinsIsGivenWhatItMissed() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            SimulatedProvider c = world.place("c");
            joins(world, store, c);
            c.cut(true);
            for (int i = 0; i < 50; i++) {
                assertThat(put(store, Key.of("missed-" + i))).isInstanceOf(Written.Acknowledged.class);
            }
            assertThat(store.placement().promote("c")).isInstanceOf(Changed.Refused.class);
            c.cut(false);
            world.await(
                    "c holds all again",
                    60 * SECOND,
                    () -> complete(store, "c") && view(store, "c").hints() == 0);
            done(store.placement().promote("c"), Role.SERVING);
            Found found = audit(store);
            assertThat(found.digests().get("c")).isEqualTo(found.digests().get("a"));
            store.close();
        });
    }

    @Test
    void oneThatJoinsIsFilledWithoutLookingAtAnotherThatDoesAndHoldsAll() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            SimulatedProvider c = world.place("c");
            joins(world, store, c);
            long lookups = c.lookups();
            joins(world, store, world.place("d"));
            assertThat(c.lookups() - lookups).isLessThan(KEYS / 2);
            Found found = audit(store);
            assertThat(found.digests().get("d")).isEqualTo(found.digests().get("c"));
            store.close();
        });
    }

    @Test
    void aKeyThatLiesInTooFewDomainsIsNamed() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            world.cutOffB(store);
            Key alone = Key.of("alone");
            assertThat(put(store, alone)).isInstanceOf(Written.Acknowledged.class);
            Found found = audit(store);
            assertThat(found.unanswered()).containsExactly("b");
            assertThat(found.shortOf()).isEqualTo(KEYS + 1);
            world.placeB.cut(false);
            world.await("all are current", 60 * SECOND, () -> TwoHomes.allCurrent(store));
            assertThat(audit(store).shortOf()).isZero();
            assertThat(store.homes().run(List.of(NAMESPACE), Optional.of("a")).shortOf())
                    .isEqualTo(KEYS + 1);
            store.close();
        });
    }

    /** Its collection floor is above the key, so that it shows a version no older. */
    private static void loses(SimulatedProvider place, Key key, Version version) throws ProviderFault {
        place.raiseFloor(NAMESPACE.id(), version);
        place.collect(NAMESPACE.id(), List.of(new Provider.Exact(key, version)));
        assertThat(place.held(NAMESPACE.id(), key)).isNull();
    }

    @Test
    void oneThatHasLostAnOldKeyUnnoticedIsNoHomeOfIt() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            Key lost = Key.of("lost");
            loses(world.placeB, lost, acknowledged(store, lost));
            Found found = audit(store);
            assertThat(found.first()).singleElement().satisfies(key -> {
                assertThat(key.key()).isEqualTo(lost);
                assertThat(key.homes()).containsExactly("a");
            });
            assertThat(found.digests().get("a")).isNotEqualTo(found.digests().get("b"));
            store.close();
        });
    }

    @Test
    void oneThatJoinsAndLacksAnOldKeyDisagreesWithReadsOfIt() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Key lost = Key.of("lost");
            Version version = acknowledged(store, lost);
            SimulatedProvider c = world.place("c");
            joins(world, store, c);
            loses(c, lost, version);
            world.time.park(SECOND);
            assertThat(store.get(NAMESPACE.id(), lost, ReadMode.CONFIRMED)).isInstanceOf(Answer.Found.class);
            world.await(
                    "it is seen to disagree",
                    10 * SECOND,
                    () -> view(store, "c").placed().disagreed() == 1);
            store.close();
        });
    }

    @Test
    void digestsOfProvidersThatHoldTheSameAreEqualWhileKeysAreWritten() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            fill(store);
            boolean[] over = new boolean[1];
            for (int i = 0; i < 4; i++) {
                int writer = i;
                world.time.fork("writer", () -> {
                    for (int n = writer; !over[0]; n = (n + 7) % KEYS) {
                        put(store, Key.of("before-" + n));
                    }
                });
            }
            for (int i = 0; i < 5; i++) {
                Found found = audit(store);
                assertThat(found.keys()).isEqualTo(KEYS);
                assertThat(found.digests().get("a")).isEqualTo(found.digests().get("b"));
            }
            over[0] = true;
            world.time.park(SECOND);
            store.close();
        });
    }

    @Test
    void oneThatWasRemovedBringsNothingBackThatWasDeletedAndCollectedMeanwhile() {
        Duration second = Duration.ofSeconds(1);
        ReplicationConfig collecting = ReplicationConfig.DEFAULT.withCollecting(second, second, second);
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store =
                    ReplicatedStore.open(collecting, world.time, world.disk(), "node", List.of(world.a, world.b));
            store.start(() -> List.of(NAMESPACE.id()));
            Key key = Key.of("deleted");
            assertThat(put(store, key)).isInstanceOf(Written.Acknowledged.class);
            joins(world, store, world.place("c"));
            done(store.placement().promote("c"), Role.SERVING);
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(store));
            done(store.placement().demote("a", 2), Role.LEAVING);
            done(store.placement().remove("a"), Role.REMOVED);
            assertThat(store.delete(NAMESPACE, key, Condition.NONE)).isInstanceOf(Written.Acknowledged.class);
            world.await("the delete is collected", 120 * SECOND, () -> world.placeB.held(NAMESPACE.id(), key) == null);
            joins(world, store, world.a);
            done(store.placement().promote("a"), Role.SERVING);
            world.await("all are current", 10 * SECOND, () -> TwoHomes.allCurrent(store));
            assertThat(store.get(NAMESPACE.id(), key, ReadMode.FRESH)).isInstanceOf(Answer.Missing.class);
            assertThat(audit(store).keys()).isZero();
            store.close();
        });
    }
}

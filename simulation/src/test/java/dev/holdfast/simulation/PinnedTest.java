package dev.holdfast.simulation;

import static dev.holdfast.simulation.PinnedEdge.MANY;
import static dev.holdfast.simulation.PinnedEdge.OTHER;
import static dev.holdfast.simulation.PinnedEdge.PINNED;
import static dev.holdfast.simulation.PinnedEdge.TTL;
import static dev.holdfast.simulation.PinnedEdge.config;
import static dev.holdfast.simulation.PinnedEdge.edge;
import static dev.holdfast.simulation.PinnedEdge.filled;
import static dev.holdfast.simulation.PinnedEdge.value;
import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.PinnedStatus;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reader gets of a pinned namespace at an edge, told as stories. */
class PinnedTest {
    @Test
    void aReadOfAPinnedNamespaceNeverLeavesTheNode() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            int gets = edge.origin.gets;
            for (int i = 0; i < MANY; i++) {
                NearAnswer answer = edge.read("k" + i);
                assertThat(value(answer)).isEqualTo(i);
                assertThat(answer.status()).isEqualTo(CacheStatus.HIT);
                assertThat(answer.ageMillis()).isLessThan(1_100);
                assertThat(edge.absent("absent" + i)).isTrue();
                assertThat(edge.store.atOnce(edge.namespace, Key.of("absent"), TTL))
                        .isNotNull();
            }
            edge.origin.set("k1", 77);
            edge.origin.set("new", 78);
            edge.origin.remove("k2");
            world.time.park(20 * MILLI);
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.value("new")).isEqualTo(78);
            assertThat(edge.absent("k2")).isTrue();
            assertThat(edge.origin.gets).isEqualTo(gets);
        });
    }

    @Test
    void aDefectOfOneQuestionDoesNotEndTheCopying() {
        inEveryWorld(world -> {
            PinnedOrigin origin = filled(world);
            // More than there are threads to ask.
            origin.defects = 20;
            PinnedEdge edge = new PinnedEdge(world, origin, null, EdgeConfig.DEFAULT).whole();
            for (int i = 0; i < MANY; i++) {
                assertThat(edge.value("k" + i)).isEqualTo(i);
            }
        });
    }

    @Test
    void whileEverythingIsDeadEveryKeyIsAnsweredAtOnceAndSoIsAnAbsence() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.dead = true;
            world.time.park(2 * TTL);
            long began = world.time.nanos();
            for (int i = 0; i < MANY; i++) {
                NearAnswer answer = edge.read("k" + i);
                assertThat(value(answer)).isEqualTo(i);
                assertThat(answer.status()).isEqualTo(CacheStatus.STALE);
                assertThat(answer.ageMillis()).isBetween(119_000L, 122_000L);
                assertThat(((Answer.Found) answer.answer()).freshness().confirmed())
                        .isFalse();
            }
            assertThat(edge.absent("absent")).isTrue();
            assertThat(edge.read("absent").status()).isEqualTo(CacheStatus.STALE);
            assertThat(world.time.nanos()).isEqualTo(began);
        });
    }

    @Test
    void whatANamespaceAllowsInAnOutageHoldsForItsCopyToo() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.with("closed");
            assertThat(edge.value("k1")).isEqualTo(1);
            edge.origin.dead = true;
            world.time.park(2 * TTL);
            assertThat(edge.read("k1").answer()).isInstanceOf(Answer.Unavailable.class);
            edge.with("stale(1m)");
            assertThat(edge.read("k1").answer()).isInstanceOf(Answer.Unavailable.class);
            assertThat(edge.read("absent").answer()).isInstanceOf(Answer.Unavailable.class);
            edge.with("stale(10m)");
            assertThat(edge.value("k1")).isEqualTo(1);
            edge.with("default(!)");
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(edge.value("absent")).isEqualTo('!');
            edge.origin.dead = false;
            edge.with("closed");
            world.await("it is heard again", 40 * SECOND, () -> edge.read("k1").status() == CacheStatus.HIT);
        });
    }

    @Test
    void afterAGapTheCopyIsWalkedAgainAndNothingStaleSurvives() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.mute = true;
            edge.origin.set("k1", 77);
            edge.origin.remove("k2");
            edge.origin.set("new", 78);
            edge.origin.gap();
            world.time.park(10 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(1);
            int gets = edge.origin.gets;
            edge.origin.mute = false;
            world.time.park(5 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.absent("k2")).isTrue();
            assertThat(edge.value("new")).isEqualTo(78);
            assertThat(edge.read("k2").status()).isEqualTo(CacheStatus.HIT);
            assertThat(edge.origin.gets - gets)
                    .as("keys asked for, and the floor")
                    .isLessThanOrEqualTo(6);
            assertThat(edge.store.edge().counters().differences()).isZero();
        });
    }

    @Test
    void aLargeValueIsFetchedAtOnceAndUntilThenTheOldOneIsAnsweredWithItsAge() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.takes = 10 * SECOND;
            edge.origin.setLarge("k1", 77);
            edge.origin.setLarge("new", 78);
            world.time.park(5 * SECOND);
            NearAnswer old = edge.read("k1");
            assertThat(value(old)).isEqualTo(1);
            assertThat(old.ageMillis()).isBetween(5_000L, 6_100L);
            assertThat(old.status()).isEqualTo(CacheStatus.UPDATING);
            assertThat(((Answer.Found) old.answer()).freshness().confirmed()).isFalse();
            assertThat(edge.read("k3").ageMillis()).isLessThan(1_100);
            assertThat(edge.store.atOnce(edge.namespace, Key.of("new"), TTL))
                    .as("nobody says that a key which was written is absent")
                    .isNull();
            world.time.park(6 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.value("new")).isEqualTo(78);
            assertThat(edge.read("k1").ageMillis()).isLessThan(1_100);
        });
    }

    @Test
    void whatNobodyAnswersIsAskedForUntilSomebodyDoes() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.unsure = true;
            edge.origin.setLarge("k1", 77);
            world.time.park(30 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(edge.read("k1").ageMillis()).isBetween(30_000L, 31_100L);
            edge.origin.drop("k2");
            edge.origin.gap();
            world.time.park(30 * SECOND);
            assertThat(edge.value("k2")).isEqualTo(2);
            edge.origin.unsure = false;
            world.time.park(6 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.absent("k2")).isTrue();
        });
    }

    @Test
    void aVerificationFindsADifferenceAndRepairsIt() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.keep("k1", 77);
            edge.origin.keep("new", 78);
            edge.origin.drop("k2");
            world.time.park(60 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(1);
            world.time.park(11 * 60 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.value("new")).isEqualTo(78);
            assertThat(edge.absent("k2")).isTrue();
            assertThat(edge.store.edge().counters().differences()).isEqualTo(3);
            assertThat(edge.status().differences()).isEqualTo(3);
        });
    }

    @Test
    void aVerificationOfACopyThatIsWrittenToFindsNoDifference() {
        inEveryWorld(world -> {
            EdgeConfig often = config(1 << 20, Duration.ofSeconds(3));
            PinnedEdge edge = new PinnedEdge(world, filled(world), null, often).whole();
            edge.origin.takes = 100 * MILLI;
            for (int i = 0; i < 2_000; i++) {
                switch (i % 5) {
                    case 0 -> edge.origin.remove("k" + i % 7);
                    case 1 -> edge.origin.setLarge("k" + i % 11, i % 100);
                    default -> edge.origin.set("k" + i % 13, i % 100);
                }
                world.time.park(20 * MILLI);
            }
            assertThat(edge.origin.pages).isGreaterThan(40);
            assertThat(edge.store.edge().counters().differences()).isZero();
        });
    }

    @Test
    void aNamespaceThatDoesNotFitIsReadAsIfItWereNotPinnedUntilItDoes() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedEdge edge = new PinnedEdge(world, filled(world), disk, config(6_000, Duration.ofMinutes(1)));
            world.time.park(10 * SECOND);
            assertThat(edge.status().state()).isEqualTo(PinnedStatus.State.TOO_LARGE);
            assertThat(edge.status().bytes()).isZero();
            assertThat(disk.durable(LocalStore.Table.PINNED)).isEmpty();
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(edge.absent("absent")).isTrue();
            edge.origin.dead = true;
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(edge.read("never asked for").answer()).isInstanceOf(Answer.Unavailable.class);
            edge.origin.dead = false;
            for (int i = 10; i < MANY; i++) {
                edge.origin.remove("k" + i);
            }
            world.time.park(120 * SECOND);
            assertThat(edge.status().whole()).isTrue();
            for (int i = 0; i < MANY; i++) {
                edge.origin.set("again" + i, i);
            }
            world.time.park(SECOND);
            assertThat(edge.status().state()).isEqualTo(PinnedStatus.State.TOO_LARGE);
            assertThat(edge.value("again7")).isEqualTo(7);
        });
    }

    @Test
    void whatHasExpiredIsNeverServed() {
        inEveryWorld(world -> {
            PinnedOrigin origin = filled(world);
            long end = world.time.wallMillis() / 1000 + 90;
            origin.keep("brief", 9, end);
            PinnedEdge edge = new PinnedEdge(world, origin, null, EdgeConfig.DEFAULT).whole();
            assertThat(edge.value("brief")).isEqualTo(9);
            origin.dead = true;
            world.await("it expires", 200 * SECOND, () -> world.time.wallMillis() / 1000 >= end);
            for (int i = 0; i < 10; i++) {
                assertThat(edge.absent("brief")).isTrue();
                world.time.park(10 * SECOND);
            }
        });
    }

    @Test
    void aWriteThroughTheEdgeIsSeenAtOnceAndANamespaceThatIsNoLongerPinnedIsForgotten() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedEdge edge = new PinnedEdge(world, filled(world), disk, EdgeConfig.DEFAULT).whole();
            edge.put("k1", 77, Condition.NONE);
            assertThat(edge.value("k1")).isEqualTo(77);
            edge.store.delete(edge.namespace, Key.of("k2"), Condition.NONE);
            assertThat(edge.absent("k2")).isTrue();
            assertThat(edge.read("k2").status()).isEqualTo(CacheStatus.HIT);
            world.time.park(SECOND);
            assertThat(disk.durable(LocalStore.Table.PINNED)).hasSizeGreaterThan(MANY - 2);
            edge.namespaces.set(List.of());
            world.time.park(3 * SECOND);
            assertThat(edge.store.pinned()).isEmpty();
            assertThat(disk.durable(LocalStore.Table.PINNED)).isEmpty();
            edge.namespace = TwoHomes.NAMESPACE;
            assertThat(edge.value("k5")).isEqualTo(5);
        });
    }

    @Test
    void whatOneNamespaceTakesTooMuchOfCostsNoOtherItsCopy() {
        inEveryWorld(world -> {
            PinnedOrigin origin = filled(world);
            EdgeConfig small = config(22_300, Duration.ofMinutes(10));
            PinnedEdge edge = new PinnedEdge(world, origin, null, small).whole();
            edge.origin.ofOther = 5;
            edge.namespaces.set(List.of(PINNED, OTHER));
            world.await(
                    "both are whole",
                    20 * SECOND,
                    () -> edge.store.pinned().size() == 2
                            && edge.store.pinned().stream().allMatch(PinnedStatus::whole));
            for (int i = 0; i < MANY; i++) {
                edge.origin.set("more" + i, i);
            }
            world.time.park(2 * SECOND);
            assertThat(edge.store.pinned()).allMatch(PinnedStatus::whole);
            edge.origin.setOther("new", 77);
            world.time.park(SECOND);
            assertThat(edge.store.pinned())
                    .extracting(PinnedStatus::namespace, PinnedStatus::state)
                    .containsExactlyInAnyOrder(
                            tuple(PINNED.id(), PinnedStatus.State.TOO_LARGE),
                            tuple(OTHER.id(), PinnedStatus.State.WHOLE));
        });
    }

    @Test
    void aKeyThatNobodyVouchesForLeavesNoOtherToAgeAfterAGap() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.unknown.add(Key.of("k3"));
            edge.origin.keep("k3", 77);
            edge.origin.gap();
            world.time.park(120 * SECOND);
            assertThat(edge.read("k2").ageMillis()).isLessThan(1_100);
            assertThat(edge.value("k3")).isEqualTo(3);
            assertThat(edge.read("k3").ageMillis()).isBetween(119_000L, 123_000L);
            edge.origin.unknown.clear();
            world.time.park(10 * SECOND);
            assertThat(edge.value("k3")).isEqualTo(77);
            assertThat(edge.read("k3").status()).isEqualTo(CacheStatus.HIT);
        });
    }

    @Test
    void aValueThatIsKnownToBeOutdatedIsServedNoLongerThanTheNamespaceAllows() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.with("stale(1m)");
            edge.origin.unsure = true;
            edge.origin.setLarge("k1", 77);
            world.time.park(50 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(1);
            world.time.park(20 * SECOND);
            assertThat(edge.read("k1").answer()).isInstanceOf(Answer.Unavailable.class);
            assertThat(edge.value("k2")).isEqualTo(2);
        });
    }

    @Test
    void aClosedNamespaceServesNothingThatAVerificationFoundToBeOutdated() {
        inEveryWorld(world -> {
            EdgeConfig often = config(1 << 20, Duration.ofSeconds(20));
            PinnedEdge edge = new PinnedEdge(world, filled(world), null, often).whole();
            edge.with("closed");
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            edge.origin.keep("k1", 77);
            edge.origin.unknown.add(Key.of("k1"));
            assertThat(edge.read("k1").status()).isEqualTo(CacheStatus.HIT);
            world.await("it is found", 30 * SECOND, () -> edge.status().wanted() > 0);
            assertThat(edge.read("k1").answer()).isInstanceOf(Answer.Unavailable.class);
            edge.origin.unknown.clear();
            world.await("it is here", 10 * SECOND, () -> edge.value("k1") == 77);
        });
    }
}

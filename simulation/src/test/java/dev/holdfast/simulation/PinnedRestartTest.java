package dev.holdfast.simulation;

import static dev.holdfast.simulation.PinnedEdge.MANY;
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

import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.PinnedStatus;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a full copy of a pinned namespace is worth after a restart, told as stories. */
class PinnedRestartTest {
    @Test
    void aRestartInATotalOutageServesEverythingAbsencesIncluded() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedEdge edge = new PinnedEdge(world, filled(world), disk, EdgeConfig.DEFAULT).whole();
            edge.origin.set("k1", 77);
            edge.origin.remove("k2");
            edge.put("written", 5, Condition.NONE);
            world.time.park(10 * SECOND);
            edge.pinned.close();
            disk.crash();

            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            world.time.park(100 * SECOND);
            PinnedEdge again = new PinnedEdge(world, dead, disk, EdgeConfig.DEFAULT);
            for (int i = 3; i < MANY; i++) {
                NearAnswer answer = again.read("k" + i);
                assertThat(value(answer)).isEqualTo(i);
                assertThat(answer.ageMillis()).isBetween(99_000L, 107_000L);
            }
            assertThat(again.value("k1")).isEqualTo(77);
            assertThat(again.value("written")).isEqualTo(5);
            assertThat(again.absent("k2")).isTrue();
            assertThat(again.absent("absent")).isTrue();
            assertThat(dead.gets).isZero();
        });
    }

    @Test
    void aCopyThatWasCutOffBeforeItWasWholeAnswersNoAbsenceAfterARestart() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedOrigin origin = filled(world);
            origin.takes = SECOND;
            PinnedEdge edge = new PinnedEdge(world, origin, disk, EdgeConfig.DEFAULT);
            world.await("some keys are here", 30 * SECOND, () -> edge.status().keys() > 0);
            world.time.park(500 * MILLI);
            assertThat(edge.status().whole()).isFalse();
            origin.dead = true;
            edge.pinned.close();
            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            PinnedEdge again = new PinnedEdge(world, dead, disk, EdgeConfig.DEFAULT);
            assertThat(again.status().keys()).isPositive();
            assertThat(again.read("absent").answer()).isInstanceOf(Answer.Unavailable.class);
            int answered = 0;
            for (int i = 0; i < MANY; i++) {
                answered += again.value("k" + i) == i ? 1 : 0;
            }
            assertThat(answered).as("last known good").isEqualTo((int)
                    again.status().keys());
        });
    }

    @Test
    void whatLiesOnDiskIsNotTakenForFollowedThoughTheClockWasSetBack() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedOrigin origin = filled(world);
            PinnedEdge edge = new PinnedEdge(world, origin, disk, EdgeConfig.DEFAULT).whole();
            world.time.park(6 * SECOND);
            edge.pinned.close();
            edge.feed.close();
            origin.keep("k1", 77);
            world.time.skew(-3_600_000);
            origin.takes = 5 * SECOND;
            PinnedEdge again = new PinnedEdge(world, origin, disk, null, EdgeConfig.DEFAULT, 2 * SECOND);
            List<Point> session = List.of(origin.at());
            assertThat(again.store.atOnce(PINNED, Key.of("k1"), TTL, session)).isNull();
            world.time.park(60 * SECOND);
            assertThat(again.value("k1")).isEqualTo(77);
        });
    }

    @Test
    void whatWasShownBeforeARestartIsNotForgottenByACopyThatBeginsAfterIt() {
        inEveryWorld(world -> {
            DiskLevel level = new DiskLevel(world.time, world.disk(), 1 << 20);
            PinnedOrigin origin = filled(world);
            PinnedEdge edge = new PinnedEdge(world, origin, null, level, EdgeConfig.DEFAULT, 0);
            edge.namespaces.set(List.of());
            edge.namespace = TwoHomes.NAMESPACE;
            world.time.park(3 * SECOND);
            Record first = origin.keep("k1", 76);
            origin.keep("k1", 77);
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            world.time.park(3 * SECOND);
            edge.pinned.close();
            origin.back("k1", first);

            PinnedEdge again = new PinnedEdge(world, origin, null, level, EdgeConfig.DEFAULT, 0).whole();
            origin.dead = true;
            for (int i = 0; i < 5; i++) {
                assertThat(again.value("k1")).isEqualTo(77);
            }
        });
    }

    @Test
    void whatIsStillToBeFetchedIsNotTakenForKnownAfterARestart() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            PinnedEdge edge = new PinnedEdge(world, filled(world), disk, EdgeConfig.DEFAULT).whole();
            world.time.park(10 * SECOND);
            edge.origin.unsure = true;
            edge.origin.setLarge("k1", 77);
            edge.origin.setLarge("new", 78);
            world.time.park(2 * SECOND);
            edge.origin.set("k2", 79);
            world.time.park(28 * SECOND);
            edge.pinned.close();
            disk.crash();

            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            PinnedEdge again = new PinnedEdge(world, dead, disk, EdgeConfig.DEFAULT);
            assertThat(again.value("k1")).isEqualTo(1);
            assertThat(again.read("k1").ageMillis()).isBetween(30_000L, 37_000L);
            assertThat(again.read("new").ageMillis()).isBetween(30_000L, 37_000L);
            assertThat(again.value("k2")).isEqualTo(79);
        });
    }

    @Test
    void whatWasShownLaterThanTheCopyWasWrittenIsNotForgotten() throws Exception {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            SimulatedDisk cache = world.disk();
            PinnedOrigin origin = filled(world);
            DiskLevel level = new DiskLevel(world.time, cache, 1 << 20);
            PinnedEdge edge = new PinnedEdge(world, origin, disk, level, EdgeConfig.DEFAULT, 0).whole();
            world.time.park(10 * SECOND);
            edge.pinned.close();
            edge.feed.close();
            origin.keep("k1", 77);
            origin.keep("new", 78);
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            edge.store.get(edge.namespace.id(), Key.of("new"), Store.ReadMode.CONFIRMED);
            level.close();

            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            DiskLevel found = new DiskLevel(world.time, cache, 1 << 20);
            PinnedEdge again = new PinnedEdge(world, dead, disk, found, EdgeConfig.DEFAULT, 0);
            assertThat(again.value("k1")).isEqualTo(77);
            assertThat(again.value("new")).isEqualTo(78);
            assertThat(again.value("k2")).isEqualTo(2);
        });
    }

    /** Seed 127: the rows of a copy that was never whole hid what lay beside it. */
    @Test
    void whatWasShownLaterThanACopyThatIsNotWholeWasWrittenIsNotForgotten() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            SimulatedDisk cache = world.disk();
            PinnedOrigin origin = filled(world);
            origin.takes = SECOND;
            DiskLevel level = new DiskLevel(world.time, cache, 1 << 20);
            PinnedEdge edge = new PinnedEdge(world, origin, disk, level, EdgeConfig.DEFAULT, 0);
            world.await("some keys are here", 30 * SECOND, () -> edge.status().keys() > 0);
            world.time.park(500 * MILLI);
            assertThat(edge.status().whole()).isFalse();
            edge.pinned.close();
            edge.feed.close();
            origin.takes = 0;
            for (int i = 0; i < MANY; i++) {
                origin.keep("k" + i, 77);
                edge.store.get(edge.namespace.id(), Key.of("k" + i), Store.ReadMode.CONFIRMED);
            }
            level.close();

            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            DiskLevel found = new DiskLevel(world.time, cache, 1 << 20);
            PinnedEdge again = new PinnedEdge(world, dead, disk, found, EdgeConfig.DEFAULT, 0);
            assertThat(again.status().keys()).isPositive();
            for (int i = 0; i < MANY; i++) {
                assertThat(again.value("k" + i)).isEqualTo(77);
            }
        });
    }

    @Test
    void whatADiskCouldNotForgetWhileTheCopyWasTooLargeDoesNotComeBack() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            EdgeConfig small = config(20_000, Duration.ofSeconds(20));
            PinnedEdge edge = new PinnedEdge(world, filled(world), disk, small).whole();
            world.time.park(6 * SECOND);
            disk.ail(SimulatedDisk.Ailment.FAILING);
            for (int i = 0; i < MANY; i++) {
                edge.origin.set("more" + i, i);
            }
            world.time.park(2 * SECOND);
            assertThat(edge.status().state()).isEqualTo(PinnedStatus.State.TOO_LARGE);
            for (int i = 10; i < MANY; i++) {
                edge.origin.drop("k" + i);
                edge.origin.drop("more" + i);
            }
            world.time.park(60 * SECOND);
            assertThat(edge.status().whole()).isTrue();
            disk.ail(SimulatedDisk.Ailment.NONE);
            world.time.park(10 * SECOND);
            edge.pinned.close();

            PinnedOrigin dead = new PinnedOrigin(world);
            dead.dead = true;
            PinnedEdge again = new PinnedEdge(world, dead, disk, small);
            assertThat(again.value("more3")).isEqualTo(3);
            for (int i = 10; i < MANY; i++) {
                assertThat(again.absent("k" + i)).isTrue();
            }
        });
    }
}

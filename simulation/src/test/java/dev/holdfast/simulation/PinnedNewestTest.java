package dev.holdfast.simulation;

import static dev.holdfast.simulation.PinnedEdge.MANY;
import static dev.holdfast.simulation.PinnedEdge.NOTHING;
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

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.PinnedStatus;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of all that is told of a pinned namespace, by whomever and however late, the newest is answered, and nothing that is gone. */
class PinnedNewestTest {
    @Test
    void ofTwoThingsToldOfAKeyTheNewerWinsWhereverItComesFrom() {
        inEveryWorld(world -> {
            PinnedOrigin origin = filled(world);
            origin.takes = SECOND;
            PinnedEdge edge = new PinnedEdge(world, origin, null, EdgeConfig.DEFAULT);
            // While what a walk has listed is asked for, and after the answers were made.
            world.await("it is being asked for", 60 * SECOND, () -> origin.gets > 0);
            world.time.park(500 * MILLI);
            origin.set("k0", 77);
            origin.remove("k1");
            edge.whole();
            assertThat(edge.value("k0")).isEqualTo(77);
            assertThat(edge.absent("k1")).isTrue();

            // A write whose answer comes after a newer change was told.
            Thread writer = world.time.fork("writer", () -> edge.put("k3", 60, Condition.NONE));
            world.time.park(1_500 * MILLI);
            origin.set("k3", 61);
            writer.join();
            assertThat(edge.value("k3")).isEqualTo(61);

            // What was told once is told again.
            Record old = origin.keep("k4", 70);
            origin.tell(Key.of("k4"), old);
            origin.set("k4", 71);
            origin.tell(Key.of("k4"), old);
            world.time.park(20 * MILLI);
            assertThat(edge.value("k4")).isEqualTo(71);
        });
    }

    @Test
    void whatWasDeletedAndCollectedIsNotBroughtBackByAFeedThatTellsItAgain() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            Record old = edge.origin.keep("k1", 70);
            edge.origin.tell(Key.of("k1"), old);
            edge.origin.remove("k1");
            world.time.park(SECOND);
            edge.origin.collect();
            edge.origin.gap();
            world.time.park(5 * SECOND);
            edge.origin.tell(Key.of("k1"), old);
            world.time.park(SECOND);
            assertThat(edge.absent("k1")).isTrue();
            assertThat(edge.read("k1").status()).isEqualTo(CacheStatus.HIT);
            assertThat(((Answer.Missing) edge.read("k1").answer()).asOf()).isEqualTo(edge.origin.floor);
        });
    }

    @Test
    void anOriginThatLacksAKeyWithoutHavingDeletedItProvesNothing() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.lose("k1");
            edge.origin.gap();
            world.time.park(5 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(edge.value("k2")).isEqualTo(2);
            assertThat(edge.store.edge().counters().contradictions()).isPositive();
            world.time.park(TTL);
            assertThat(edge.read("k1").status()).isNotEqualTo(CacheStatus.HIT);
            assertThat(edge.read("k2").status()).isEqualTo(CacheStatus.HIT);
        });
    }

    @Test
    void aSessionThatTheFeedHasNotPassedIsAskedForAtTheOrigins() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.mute = true;
            edge.origin.set("k1", 77);
            List<Point> session = List.of(edge.origin.at());
            world.time.park(20 * MILLI);
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(value(edge.store.read(edge.namespace, Key.of("k1"), TTL, session)))
                    .isEqualTo(77);
            assertThat(edge.value("k1")).isEqualTo(77);
            edge.origin.mute = false;
            world.time.park(2 * SECOND);
            int gets = edge.origin.gets;
            assertThat(value(edge.store.read(edge.namespace, Key.of("k1"), TTL, session)))
                    .isEqualTo(77);
            assertThat(edge.origin.gets).isEqualTo(gets);
            edge.origin.takes = 5 * SECOND;
            edge.origin.setLarge("k1", 78);
            List<Point> later = List.of(edge.origin.at());
            world.time.park(2 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            edge.origin.takes = 50 * MILLI;
            assertThat(value(edge.store.read(edge.namespace, Key.of("k1"), TTL, later)))
                    .isEqualTo(78);
        });
    }

    @Test
    void whatSomebodyHereWasShownIsNotForgottenByTheNextRead() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.keep("k1", 77);
            edge.origin.keep("k2", 78);
            edge.origin.takes = 100 * MILLI;
            edge.put("k3", 79, new Condition.Matches(Version.MAX));
            assertThat(edge.value("k3")).isEqualTo(79);
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            assertThat(edge.value("k1")).isEqualTo(77);
            edge.store.list(edge.namespace.id(), NOTHING, null, 100);
            edge.origin.page = 100;
            edge.store.list(edge.namespace.id(), NOTHING, null, 100);
            assertThat(edge.value("k2")).isEqualTo(78);
        });
    }

    /** 329 of {@code --edges 2}: memory had something older than the copy had asked for, and a write of unknown outcome led past the copy. */
    @Test
    void whoIsLedPastTheCopyIsNotAnsweredWithLessThanItHas() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            edge.origin.setLarge("k1", 77);
            world.time.park(2 * SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            edge.origin.dead = true;
            edge.put("k1", 78, Condition.NONE);
            edge.origin.dead = false;
            edge.origin.takes = 600 * MILLI;
            NearAnswer answer = edge.read("k1");
            assertThat(value(answer)).isEqualTo(77);
            assertThat(answer.status()).isEqualTo(CacheStatus.UPDATING);
        });
    }

    @Test
    void whatNobodyVouchesForIsNoNewerForHavingBeenAskedFor() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.mute = true;
            edge.origin.lagging.put(Key.of("k1"), edge.origin.keep("k1", 77));
            edge.origin.keep("k1", 78);
            world.time.park(5 * SECOND);
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            NearAnswer answer = edge.read("k1");
            assertThat(value(answer)).isEqualTo(77);
            assertThat(answer.ageMillis()).isGreaterThan(5_000);
            assertThat(answer.status()).isEqualTo(CacheStatus.UPDATING);
            assertThat(((Answer.Found) answer.answer()).freshness().confirmed()).isFalse();
        });
    }

    @Test
    void whatWasDeletedBeforeItCouldBeMissedIsNotBelievedWhenAFeedTellsItLate() {
        inEveryWorld(world -> {
            PinnedOrigin origin = filled(world);
            Record[] old = {origin.keep("first", 70), origin.keep("later", 71), null};
            origin.drop("first");
            origin.drop("later");
            origin.takes = SECOND;
            PinnedEdge edge = new PinnedEdge(world, origin, null, EdgeConfig.DEFAULT);
            world.await("it is being asked for", 60 * SECOND, () -> origin.gets > 0);
            origin.tell(Key.of("first"), old[0]);
            edge.whole();
            assertThat(edge.read("first").status()).isEqualTo(CacheStatus.HIT);
            assertThat(edge.absent("first")).as("told during the first walk").isTrue();

            origin.takes = 0;
            origin.tell(Key.of("later"), old[1]);
            world.time.park(SECOND);
            assertThat(edge.absent("later")).as("told after it").isTrue();

            old[2] = origin.keep("last", 72);
            origin.drop("last");
            origin.gap();
            world.time.park(SECOND + 100 * MILLI);
            origin.tell(Key.of("last"), old[2]);
            for (int i = 0; i < 30; i++) {
                assertThat(edge.absent("last")).as("told after a gap").isTrue();
                world.time.park(100 * MILLI);
            }
        });
    }

    @Test
    void whatTheCopyKnowsToBeGoneIsNotTheLastKnownGood() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            edge.origin.drop("k1");
            edge.origin.gap();
            world.time.park(10 * SECOND);
            assertThat(edge.absent("k1")).isTrue();
            edge.origin.collect();
            world.time.park(11 * 60 * SECOND);
            edge.origin.dead = true;
            edge.put("k1", 77, Condition.NONE);
            assertThat(edge.read("k1").answer()).isInstanceOf(Answer.Unavailable.class);
        });
    }

    @Test
    void whatWasShownBeforeTheNamespaceWasPinnedIsNotForgotten() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.namespaces.set(List.of());
            edge.namespace = TwoHomes.NAMESPACE;
            world.time.park(3 * SECOND);
            Record first = edge.origin.keep("k1", 76);
            Record second = edge.origin.keep("k1", 77);
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            edge.store.get(edge.namespace.id(), Key.of("k2"), Store.ReadMode.CONFIRMED);
            edge.origin.back("k1", first);
            edge.origin.lose("k2");
            edge.namespaces.set(List.of(PINNED));
            edge.namespace = PINNED;
            world.time.park(20 * SECOND);
            assertThat(edge.status().whole()).isTrue();
            assertThat(edge.value("k1")).isEqualTo(77);
            assertThat(edge.value("k2")).isEqualTo(2);
            edge.origin.back("k1", second);
            world.time.park(40 * SECOND);
            assertThat(edge.read("k1").status()).isEqualTo(CacheStatus.HIT);
        });
    }

    /** No read of it has come so far that memory has it, too. */
    @Test
    void whoIsLedPastTheCopyDoesNotWaitLongerThanPatienceLasts() {
        inEveryWorld(world -> {
            PinnedEdge edge = edge(world).whole();
            edge.origin.dead = true;
            edge.put("k1", 77, Condition.NONE);
            edge.origin.takes = 20 * SECOND;
            long began = world.time.nanos();
            assertThat(edge.value("k1")).isEqualTo(1);
            assertThat(world.time.nanos() - began).isLessThan(2 * SECOND);
        });
    }

    /** Seed 1103 of worlds of twelve minutes. */
    @Test
    void whatACopyHasShownIsKnownBesideItWhenItHasGrownTooLarge() {
        inEveryWorld(world -> {
            PinnedEdge edge = new PinnedEdge(world, filled(world), null, config(12_000, Duration.ofMinutes(10)));
            assertThat(edge.value("k1")).isEqualTo(1);
            edge.whole();
            edge.origin.setLarge("k1", 77);
            world.time.park(SECOND);
            assertThat(edge.read("k1").status()).isEqualTo(CacheStatus.HIT);
            assertThat(edge.value("k1")).isEqualTo(77);
            for (int i = 0; i < MANY; i++) {
                edge.origin.set("more" + i, i);
            }
            world.time.park(SECOND);
            assertThat(edge.status().state()).isEqualTo(PinnedStatus.State.TOO_LARGE);
            edge.origin.dead = true;
            assertThat(edge.value("k1")).isEqualTo(77);
        });
    }

    @Test
    void whileACopyThatHasGrownTooLargeIsBeingDroppedNobodyIsGivenLess() {
        inEveryWorld(world -> {
            PinnedEdge edge =
                    new PinnedEdge(world, filled(world), null, config(12_000, Duration.ofMinutes(10))).whole();
            edge.origin.setLarge("k1", 77);
            world.time.park(SECOND);
            assertThat(edge.value("k1")).isEqualTo(77);
            for (int i = 0; edge.status().whole(); i++) {
                edge.origin.set("more" + i, i);
                world.time.park(5 * MILLI);
            }
            edge.origin.dead = true;
            for (int i = 0; i < 10; i++) {
                NearAnswer answer = edge.read("k1");
                assertThat(value(answer)).isEqualTo(77);
                assertThat(answer.status()).isNotEqualTo(CacheStatus.HIT);
                assertThat(((Answer.Found) answer.answer()).freshness().confirmed())
                        .isFalse();
            }
        });
    }

    /** Seed 110 of all kinds of worlds: what had outgrown its room and was still to be dropped took the empty place in memory. */
    @Test
    void whileACopyIsBeingDroppedWhatWasHeardSinceAndLiesOnDiskOnlyIsNotHiddenByIt() {
        inEveryWorld(world -> {
            EdgeConfig usual = EdgeConfig.DEFAULT;
            // Nothing stays in memory beside the copy.
            EdgeConfig tiny = new EdgeConfig(1, 1 << 20, usual.patience(), 1, 12_000, usual.pinnedVerify());
            DiskLevel level = new DiskLevel(world.time, world.disk(), 1 << 20);
            PinnedEdge edge = new PinnedEdge(world, filled(world), null, level, tiny, 0).whole();
            edge.store.get(edge.namespace.id(), Key.of("k1"), Store.ReadMode.CONFIRMED);
            world.time.park(SECOND);
            for (int i = 0; edge.status().whole(); i++) {
                edge.origin.set("more" + i, i);
                world.time.park(5 * MILLI);
            }
            edge.origin.set("k1", 77);
            world.time.park(5 * MILLI);
            edge.origin.dead = true;
            for (int i = 0; i < 10; i++) {
                assertThat(edge.value("k1")).isEqualTo(77);
            }
        });
    }
}

package dev.holdfast.simulation;

import static dev.holdfast.simulation.ScriptedOrigin.KEY;
import static dev.holdfast.simulation.ScriptedOrigin.found;
import static dev.holdfast.simulation.ScriptedOrigin.unavailable;
import static dev.holdfast.simulation.ScriptedOrigin.version;
import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.parts.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an edge makes of its origins' answers and feeds, told as stories: what simulated worlds with edges have found. */
class EdgeStoriesTest {
    private static final long TTL = 60 * SECOND;
    private static final byte[] NOTHING = {};

    private static int value(NearAnswer answer) {
        return answer.answer() instanceof Store.Answer.Found(Record record, var _) ? record.value()[0] : -1;
    }

    private static NearStore edge(TwoHomes world, ScriptedOrigin origin, EdgeConfig config, @Nullable DiskLevel disk) {
        Near near = Near.simulated(world.time, config, disk);
        FeedFollower feed = new FeedFollower(world.time, origin, near, new Relay(world.time, 0), () -> {});
        return new NearStore(origin, world.time, config, Coverage.all(List.of(feed)), near);
    }

    private static NearStore edge(TwoHomes world, ScriptedOrigin origin) {
        return edge(world, origin, EdgeConfig.DEFAULT, null);
    }

    private static NearAnswer read(NearStore store) {
        return store.read(TwoHomes.NAMESPACE, KEY, TTL);
    }

    private static void put(NearStore store) {
        store.put(TwoHomes.NAMESPACE, KEY, new byte[] {1}, NOTHING, Record.NEVER, Store.Condition.NONE);
    }

    @Test
    void aChangeThatTheFeedTellsLateIsNotSaidToBeTheNewestAsOfNow() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            assertThat(value(read(edge))).isEqualTo(1);
            world.time.park(5 * SECOND);
            origin.tells(2);
            NearAnswer late = read(edge);
            assertThat(value(late)).isEqualTo(2);
            assertThat(late.ageMillis()).isGreaterThanOrEqualTo(5_000);
            origin.hears();
            assertThat(read(edge).ageMillis()).isLessThan(100);
        });
    }

    @Test
    void anAgedAnswerIsNotRenewedByAFeedThatHadToldOfANewerOneBeforeItCame() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            world.time.park(11 * SECOND);
            origin.tells(2);
            origin.answers = _ -> found(1, true, 10_000);
            assertThat(read(edge).ageMillis()).isGreaterThanOrEqualTo(10_000);
            world.time.park(SECOND);
            origin.hears();
            NearAnswer again = read(edge);
            assertThat(value(again)).isEqualTo(1);
            assertThat(again.ageMillis()).isGreaterThanOrEqualTo(11_000);
        });
    }

    @Test
    void aSessionThatTheFeedHasPassedIsNotAnsweredByAnotherNodesOlderCache() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            origin.tells(2);
            origin.hears();
            List<Point> session = List.of(ScriptedOrigin.at(1));
            origin.answers = mode -> mode == Store.ReadMode.CACHED ? found(1, true, 10_000) : found(2, true, 0);
            assertThat(value(edge.read(TwoHomes.NAMESPACE, KEY, TTL, session))).isEqualTo(2);
            origin.answers = mode -> mode == Store.ReadMode.CACHED ? found(2, true, 10_000) : found(3, true, 0);
            Key other = Key.of("other");
            edge.read(TwoHomes.NAMESPACE, other, TTL);
            assertThat(edge.atOnce(TwoHomes.NAMESPACE, other, TTL)).isNotNull();
            assertThat(edge.atOnce(TwoHomes.NAMESPACE, other, TTL, session)).isNull();
            assertThat(value(edge.read(TwoHomes.NAMESPACE, other, TTL, session)))
                    .isEqualTo(3);
        });
    }

    @Test
    void aWriteWhoseAnswerComesAfterANewerChangeWasHeardOfDoesNotHideThat() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            origin.takes = SECOND;
            Thread writer = world.time.fork("writer", () -> put(edge));
            world.time.park(100 * MILLI);
            origin.tells(2);
            writer.join();
            origin.hears();
            origin.takes = 0;
            origin.answers = _ -> found(2, true, 0);
            assertThat(value(read(edge))).isEqualTo(2);
        });
    }

    @Test
    void aWriteWhoseAnswerComesLateDoesNotTakeThePlaceOfWhatOnlyTheDiskHas() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            SimulatedDisk cache = world.disk();
            // Nothing stays in memory.
            EdgeConfig tiny = new EdgeConfig(1, 1 << 20, EdgeConfig.DEFAULT.patience(), 1);
            NearStore edge = edge(world, origin, tiny, new DiskLevel(world.time, cache, 1 << 20));
            origin.takes = SECOND;
            Thread writer = world.time.fork("writer", () -> put(edge));
            world.time.park(100 * MILLI);
            origin.takes = 0;
            origin.answers = _ -> found(2, true, 0);
            assertThat(value(read(edge))).isEqualTo(2);
            writer.join();
            world.time.park(SECOND);
            origin.answers = _ -> unavailable();
            assertThat(value(read(edge))).isEqualTo(2);
        });
    }

    @Test
    void whatAConfirmedReadHasShownIsWhatAnOutageIsAnsweredWithIfOnlyTheDiskHasTheKey() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            EdgeConfig tiny = new EdgeConfig(1, 1 << 20, EdgeConfig.DEFAULT.patience(), 1);
            NearStore edge = edge(world, origin, tiny, new DiskLevel(world.time, world.disk(), 1 << 20));
            assertThat(value(read(edge))).isEqualTo(1);
            origin.answers = _ -> found(2, true, 0);
            edge.get(TwoHomes.NAMESPACE.id(), KEY, Store.ReadMode.CONFIRMED);
            origin.answers = _ -> unavailable();
            assertThat(value(read(edge))).isEqualTo(2);
        });
    }

    @Test
    void aQuestionThatBeganBeforeAConfirmedReadDoesNotBringBackWhatIsOlder() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.takes = SECOND;
            Thread early = world.time.fork("early", () -> read(edge));
            world.time.park(100 * MILLI);
            origin.takes = 0;
            origin.answers = _ -> found(2, true, 0);
            edge.get(TwoHomes.NAMESPACE.id(), KEY, Store.ReadMode.CONFIRMED);
            assertThat(value(read(edge))).isEqualTo(2);
            early.join();
            assertThat(value(read(edge))).isEqualTo(2);
        });
    }

    @Test
    void whoWaitsForAQuestionThatBeganEarlierIsToldHowOldTheAnswerMayBe() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.takes = 3 * SECOND;
            Thread early = world.time.fork(
                    "early", () -> assertThat(read(edge).ageMillis()).isZero());
            world.time.park(2 * SECOND);
            assertThat(read(edge).ageMillis()).isBetween(1_990L, 2_100L);
            early.join();
        });
    }

    @Test
    void whenAnotherNodesCacheKnowsLessThanThisOneThatNodeIsHadToAsk() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.answers = _ -> found(2, true, 0);
            assertThat(value(read(edge))).isEqualTo(2);
            world.time.park(TTL + SECOND);
            origin.answers = mode -> mode == Store.ReadMode.CACHED ? found(1, true, 50_000) : found(3, true, 0);
            NearAnswer answer = read(edge);
            assertThat(value(answer)).isEqualTo(3);
            assertThat(answer.status()).isEqualTo(CacheStatus.MISS);
        });
    }

    @Test
    void aDeleteThatIsKnownIsNoAnswerWhileNobodyVouchesForAnAbsence() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.answers = _ -> new Store.Answer.Missing(version(2), new Store.Freshness("origin", true, ""));
            assertThat(value(read(edge))).isEqualTo(-1);
            world.time.park(TTL + SECOND);
            origin.answers = _ -> found(1, false, 0);
            assertThat(read(edge).answer()).isInstanceOf(Store.Answer.Unavailable.class);
        });
    }

    /** Seed 151: only a key that was here was taken note of, and another node's cache has its own past. */
    @Test
    void whatAConfirmedReadHasShownOfAKeyThatWasNotNearIsNotFollowedByAnythingOlder() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.answers = mode -> mode == Store.ReadMode.CACHED ? found(1, true, 10_000) : found(2, true, 0);
            edge.get(TwoHomes.NAMESPACE.id(), KEY, Store.ReadMode.CONFIRMED);
            assertThat(value(read(edge))).isEqualTo(2);
            world.time.park(TTL + SECOND);
            assertThat(value(read(edge))).isEqualTo(2);
        });
    }

    /** Seed 663: the feed had passed the session again, but not heard what was made in the gap. */
    @Test
    void aSessionIsNotAnsweredByWhatWasTheNewestBeforeAGapThoughItWasAskedForAfterIt() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            read(edge);
            world.time.park(30 * SECOND);
            origin.loses();
            origin.hears();
            List<Point> session = List.of(ScriptedOrigin.at(1));
            origin.answers = mode -> mode == Store.ReadMode.CACHED ? found(1, true, 10_000) : found(2, true, 0);
            assertThat(value(read(edge))).isEqualTo(1);
            assertThat(edge.atOnce(TwoHomes.NAMESPACE, KEY, TTL)).isNotNull();
            assertThat(edge.atOnce(TwoHomes.NAMESPACE, KEY, TTL, session)).isNull();
            assertThat(value(edge.read(TwoHomes.NAMESPACE, KEY, TTL, session))).isEqualTo(2);
        });
    }

    /** Seeds 740 and 917: the answer was older than its time to live for those who had come late to the question. */
    @Test
    void whoWaitedForAQuestionDuringWhichTheKeyWasWrittenIsNotToldOfAHit() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.answers = _ -> found(0, true, 0);
            origin.takes = 3 * SECOND;
            Runnable reader =
                    () -> assertThat(edge.read(TwoHomes.NAMESPACE, KEY, SECOND)).satisfies(answer -> {
                        assertThat(value(answer)).isEqualTo(1);
                        assertThat(answer.status()).isEqualTo(CacheStatus.MISS);
                    });
            Thread early = world.time.fork("early", reader);
            world.time.park(2 * SECOND);
            Thread late = world.time.fork("late", reader);
            world.time.park(100 * MILLI);
            origin.takes = 0;
            put(edge);
            early.join();
            late.join();
        });
    }

    @Test
    void whatIsKnownToBeOutdatedAgesThoughTheFeedIsHeardStill() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            assertThat(value(read(edge))).isEqualTo(1);
            origin.tellsLarge(2);
            origin.answers = _ -> unavailable();
            hears(world, origin, 30);
            NearAnswer old = read(edge);
            assertThat(value(old)).isEqualTo(1);
            assertThat(old.ageMillis()).isBetween(30_000L, 31_500L);
            assertThat(edge.read(with("stale(1m)"), KEY, TTL).ageMillis()).isGreaterThan(30_000);
            assertThat(edge.read(with("stale(20s)"), KEY, TTL).answer()).isInstanceOf(Store.Answer.Unavailable.class);
            origin.answers = _ -> found(2, true, 0);
            world.await("it is here", 2 * SECOND, () -> value(read(edge)) == 2);
            assertThat(read(edge).status()).isEqualTo(CacheStatus.HIT);
        });
    }

    @Test
    void whatNobodyVouchesForIsNoNewerForAFeedThatTellsOfNothing() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            origin.answers = _ -> found(1, false, 0);
            assertThat(value(read(edge))).isEqualTo(1);
            origin.answers = _ -> unavailable();
            hears(world, origin, 30);
            assertThat(read(edge).ageMillis()).isBetween(30_000L, 31_500L);
        });
    }

    @Test
    void ofWhatWasHeardUntilAGapTheTimeSinceThatGapIsTheAge() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            origin.hears();
            assertThat(value(read(edge))).isEqualTo(1);
            hears(world, origin, 300);
            origin.answers = _ -> unavailable();
            origin.loses();
            origin.loses();
            world.time.park(10 * SECOND);
            assertThat(read(edge)).satisfies(cut -> {
                assertThat(value(cut)).isEqualTo(1);
                assertThat(cut.ageMillis()).isBetween(10_000L, 11_500L);
            });
            origin.hears();
            hears(world, origin, 20);
            NearAnswer after = edge.read(with("stale(1m)"), KEY, TTL);
            assertThat(value(after)).isEqualTo(1);
            assertThat(after.status()).isNotEqualTo(CacheStatus.HIT);
            assertThat(after.ageMillis()).isBetween(30_000L, 32_000L);
        });
    }

    @Test
    void whatIsAskedForSinceItHasOnlyBeenHeardOfIsAskedForBeyondOtherNodesCaches() {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            NearStore edge = edge(world, origin);
            List<Store.ReadMode> asked = new ArrayList<>();
            origin.answers = mode -> {
                asked.add(mode);
                return found(1, true, 0);
            };
            origin.hears();
            for (int i = 0; i < 61; i++) {
                read(edge);
                hears(world, origin, 10);
            }
            assertThat(read(edge).status()).isEqualTo(CacheStatus.HIT);
            world.time.park(SECOND);
            assertThat(asked).containsExactly(Store.ReadMode.CACHED, Store.ReadMode.CONFIRMED);
        });
    }

    private static void hears(TwoHomes world, ScriptedOrigin origin, int seconds) {
        for (int i = 0; i < seconds; i++) {
            world.time.park(SECOND);
            origin.hears();
        }
    }

    private static Namespace with(String onOutage) {
        Namespace.Policy usual = Namespace.Policy.DEFAULT;
        return TwoHomes.NAMESPACE.with(new Namespace.Policy(
                usual.durability(), usual.whenShort(), usual.darkWrites(), OnOutage.parse(onOutage)));
    }
}

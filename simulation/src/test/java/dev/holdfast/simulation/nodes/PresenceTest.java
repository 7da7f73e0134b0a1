package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Written;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nodes over the same providers know of one another to which they write. */
class PresenceTest {

    private static boolean confirmsAbsence(Cluster.Node node) {
        return node.get("nothing") instanceof Answer.Missing missing
                && missing.freshness().confirmed();
    }

    @Test
    void nodesThatAllLeanOnOneProviderConfirmAbsencesAgainWithinSeconds() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            x.loseB();
            y.loseB();
            x.untilDown("b");
            y.untilDown("b");
            cluster.sleep(Duration.ofSeconds(4));
            for (int i = 0; i < 50; i++) {
                assertThat(confirmsAbsence(x) && confirmsAbsence(y)).isTrue();
                cluster.sleep(Duration.ofMillis(100));
            }
        });
    }

    @Test
    void nodeDoesNotConfirmWhatAnotherOneThatCannotBeSeenMayHaveWritten() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            // Each has given up the provider that the other one still has.
            x.loseB();
            y.loseA();
            x.untilDown("b");
            y.untilDown("a");
            y.put("nothing");
            cluster.sleep(Duration.ofSeconds(4));
            for (int i = 0; i < 50; i++) {
                assertThat(confirmsAbsence(x)).isFalse();
                cluster.sleep(Duration.ofMillis(100));
            }
        });
    }

    /** Seed 47 of worlds with splits: it had not read since what it could not read before. */
    @Test
    void nodeToWhichAProviderReturnsDoesNotSayThatTheOtherCouldBeLostBeforeItHasReadTheMarksThere() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            x.loseA();
            y.loseB();
            x.untilDown("a");
            y.untilDown("b");
            x.put("k");
            cluster.sleep(Duration.ofSeconds(6));
            y.reachAll();
            for (int i = 0; i < 5_000; i++) {
                assertThat(y.store().status().canLoseOne()).isFalse();
                cluster.sleep(Duration.ofMillis(1));
            }
            x.reachAll();
            cluster.until(() -> y.store().status().canLoseOne(), y.store()::status);
            assertThat(Cluster.holds(cluster.a, "k") && Cluster.holds(cluster.b, "k"))
                    .isTrue();
        });
    }

    /** Seed 16: its last try began when its time was over, found nobody, and was taken for all that there was. */
    @Test
    void listingThatIsNotConfirmedWithinItsTimeIsStillAnswered() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            x.put("k");
            x.loseB();
            y.loseA();
            x.untilDown("b");
            y.untilDown("a");
            cluster.sleep(Duration.ofSeconds(4));
            assertThat(x.list()).isInstanceOfSatisfying(Listing.Keys.class, keys -> {
                assertThat(keys.keys()).hasSize(1);
                assertThat(keys.confirmed()).isFalse();
            });
        });
    }

    /** Seeds 92, 166, 1328, 2619, 3220, 3407, 3482 and 3574: a start forgot that marks may have been lost with a place. */
    @Test
    void nodeThatStartsAgainDoesNotConfirmWhatAnotherOneMayHaveHintsForSinceItsMarksWereLost() {
        Cluster.run(cluster -> {
            MemoryLocalStore disk = new MemoryLocalStore();
            MemoryLocalStore other = new MemoryLocalStore();
            Cluster.Node x = cluster.start("x", disk);
            Cluster.Node y = cluster.start("y", other);
            x.untilAllCurrent();
            y.untilAllCurrent();
            cluster.sleep(Duration.ofSeconds(4));
            y.loseB();
            y.untilDown("b");
            assertThat(y.put("nothing")).isInstanceOf(Written.Acknowledged.class);
            y.kill();
            cluster.a.wipe();
            x.untilDown("a");
            x.untilAllCurrent();
            assertThat(confirmsAbsence(x)).isFalse();
            x.kill();
            Cluster.Node again = cluster.start("x", disk);
            again.untilAllCurrent();
            for (int i = 0; i < 50; i++) {
                assertThat(confirmsAbsence(again)).isFalse();
                cluster.sleep(Duration.ofMillis(100));
            }
            cluster.start("y", other).untilAllCurrent();
            cluster.until(() -> again.get("nothing") instanceof Answer.Found, again.store()::status);
        });
    }

    /** Seed 68: it had lost its disk, and died before it could learn that there is no other node. */
    @Test
    void nodeThatIsAloneVouchesAgainAsSoonAsItIsStarted() {
        Cluster.run(cluster -> {
            Cluster.Node first = cluster.start("x", new MemoryLocalStore());
            first.untilAllCurrent();
            first.kill();
            MemoryLocalStore disk = new MemoryLocalStore();
            Cluster.Node amnesiac = cluster.start("x", disk);
            amnesiac.untilAllCurrent();
            amnesiac.kill();
            assertThat(confirmsAbsence(cluster.start("x", disk))).isTrue();
        });
    }

    /** Rule 2. */
    @Test
    void nodeConfirmsNoAbsenceByAProviderThatAnotherOneHasMarked() {
        assertThat(NodeStories.absenceIsConfirmedByAMarkedProvider()).isFalse();
    }

    /** Rule 9. */
    @Test
    void nodesThatAreNewAtTheSameMomentGiveNoTwoWritesOneVersion() {
        assertThat(NodeStories.nodesThatAreNewStampAlike()).isFalse();
    }
}

package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.SystemRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node whose own disk was lost starts under its old name, believes nobody, and clears up behind itself. */
class LostMemoryTest {

    /** Leaves {@code k} at {@code a} and as a hint for {@code b}, and the node dead. */
    private static void dieWithAHint(Cluster cluster, String name) throws Exception {
        Cluster.Node before = cluster.start(name, new MemoryLocalStore());
        before.untilAllCurrent();
        before.loseB();
        before.untilDown("b");
        assertThat(before.put("k")).isInstanceOf(Store.Written.Acknowledged.class);
        assertThat(Cluster.system(cluster.a, "dirty/b/" + name)).isEqualTo("dirty");
        assertThat(Cluster.holds(cluster.b, "k")).isFalse();
        before.kill();
    }

    private static List<String> names(Cluster.Node node) {
        return node.store().nodes().list().nodes().stream()
                .map(Nodes.View::name)
                .toList();
    }

    @Test
    void believesNoProviderUntilItHasBeenComparedAndThenClearsItsOwnMark() {
        Cluster.run(cluster -> {
            dieWithAHint(cluster, "x");
            Cluster.Node after = cluster.start("x", new MemoryLocalStore());
            assertThat(after.state("a")).isNotEqualTo(ProviderState.CURRENT);
            assertThat(after.state("b")).isNotEqualTo(ProviderState.CURRENT);
            after.untilAllCurrent();
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
            cluster.until(
                    () -> after.store().nodes().list().nodes().stream()
                            .allMatch(node -> node.marks().isEmpty()),
                    () -> after.store().nodes().list());
            assertThat(names(after)).containsExactly("x");
        });
    }

    @Test
    void anEmptyProviderIsNotTakenForCurrentByANodeThatRemembersNothing() {
        Cluster.run(cluster -> {
            dieWithAHint(cluster, "x");
            cluster.b.wipe();
            Cluster.Node after = cluster.start("x", new MemoryLocalStore());
            while (!after.allCurrent()) {
                assertThat(after.get("k"))
                        .as("never a confirmed absence")
                        .matches(answer -> !(answer instanceof Store.Answer.Missing missing
                                && missing.freshness().confirmed()));
                assertThat(after.state("b") == ProviderState.CURRENT && !Cluster.holds(cluster.b, "k"))
                        .isFalse();
                cluster.sleep(Duration.ofMillis(5));
            }
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
        });
    }

    @Test
    void namespacesThatItDoesNotKnowYetAreComparedToo() {
        Cluster.run(cluster -> {
            Cluster.Node before = cluster.start("x", new MemoryLocalStore());
            before.untilAllCurrent();
            before.store().system().put(Key.of(SystemRecords.NAMESPACE_ENTRY + Cluster.NAMESPACE.id()), new byte[] {1});
            before.kill();
            dieWithAHint(cluster, "x");
            Cluster.Node after = cluster.startWithoutCatalogue("x", new MemoryLocalStore());
            cluster.until(() -> after.state("b") == ProviderState.CURRENT, after.store()::status);
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
        });
    }

    @Test
    void aCrashAtAnyCommitOfTheFirstStartLeavesNoProviderKnownAndUndoubted() {
        for (int commits = 0; commits < 20; commits++) {
            int until = commits;
            Cluster.run(cluster -> {
                dieWithAHint(cluster, "x");
                FailingLater disk = new FailingLater(until);
                try {
                    cluster.start("x", disk).kill();
                } catch (LocalStoreFault fault) {
                    assertThat(fault).hasMessageContaining("power");
                }
                disk.mend();
                Cluster.Node after = cluster.start("x", disk);
                assertThat(after.state("a")).as("after %d commits", until).isNotEqualTo(ProviderState.CURRENT);
                assertThat(after.state("b")).as("after %d commits", until).isNotEqualTo(ProviderState.CURRENT);
                after.untilAllCurrent();
                assertThat(Cluster.holds(cluster.b, "k")).isTrue();
            });
        }
    }

    @Test
    void stampsAboveWhatTheProvidersHoldThoughItsReservationIsLost() {
        Cluster.run(cluster -> {
            Version ahead = Version.of(cluster.wallMillis() + 5_000, 3, 9);
            Record record = Record.of(ahead, "v".getBytes(StandardCharsets.UTF_8));
            cluster.b.putIfNewer(Cluster.NAMESPACE.id(), Key.of("k"), record);
            Cluster.Node after = cluster.start("x", new MemoryLocalStore());
            assertThat(after.store().clock().next()).isGreaterThan(ahead);
        });
    }

    @Test
    void theOtherNodesWaitForItsComparisonAndNoLonger() {
        Cluster.run(cluster -> {
            dieWithAHint(cluster, "x");
            Cluster.Node other = cluster.start("y", new MemoryLocalStore());
            cluster.sleep(Duration.ofSeconds(30));
            assertThat(other.view("b").state()).isNotEqualTo(ProviderState.CURRENT);
            assertThat(other.view("b").doing()).contains("node x");
            cluster.start("x", new MemoryLocalStore());
            other.untilAllCurrent();
        });
    }

    @Test
    void twoNodesThatBothLostTheirMemoryDoNotWaitForEachOther() {
        Cluster.run(cluster -> {
            dieWithAHint(cluster, "x");
            Cluster.Node y = cluster.start("y", new MemoryLocalStore(), true);
            cluster.until(() -> y.put("l") instanceof Store.Written.Acknowledged, y.store()::status);
            y.kill();
            assertThat(Cluster.system(cluster.a, "dirty/b/x")).isEqualTo("dirty");
            assertThat(Cluster.system(cluster.a, "dirty/b/y")).isEqualTo("dirty");
            Cluster.Node first = cluster.start("x", new MemoryLocalStore());
            Cluster.Node second = cluster.start("y", new MemoryLocalStore());
            first.untilAllCurrent();
            second.untilAllCurrent();
            assertThat(Cluster.holds(cluster.b, "l")).isTrue();
        });
    }

    @Test
    void twoNodesWithHintsForTheSameProviderDoNotWaitForEachOther() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            x.loseB();
            y.loseB();
            x.untilDown("b");
            y.untilDown("b");
            x.put("k");
            y.put("l");
            cluster.sleep(Duration.ofSeconds(15));
            x.reachAll();
            y.reachAll();
            x.untilAllCurrent();
            y.untilAllCurrent();
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
            assertThat(Cluster.holds(cluster.b, "l")).isTrue();
        });
    }

    @Test
    void anotherNodesDiskIsRefused() {
        Cluster.run(cluster -> {
            MemoryLocalStore disk = new MemoryLocalStore();
            cluster.start("x", disk).kill();
            assertThatThrownBy(() -> cluster.start("y", disk))
                    .isInstanceOf(LocalStoreFault.class)
                    .hasMessageContaining("belongs to node x");
        });
    }

    @Test
    void nothingIsCollectedWhileAnotherNodeSaysThatItMayHaveHintsOfAnyAge() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            x.untilAllCurrent();
            x.store().system().put(Key.of("node/z"), Version.NONE.toString().getBytes(StandardCharsets.UTF_8));
            x.put("k");
            x.delete("k");
            cluster.sleep(Duration.ofSeconds(60));
            x.compare();
            assertThat(cluster.a.floor(Cluster.NAMESPACE.id())).isEqualTo(Version.NONE);
            assertThat(cluster.a.floor(NamespaceId.SYSTEM)).isEqualTo(Version.NONE);
        });
    }
}

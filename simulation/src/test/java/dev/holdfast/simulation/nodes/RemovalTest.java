package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.engine.replication.Nodes.Removed;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that is gone for good is removed by a person: nothing waits for it any more, and it cannot come back unnoticed. */
class RemovalTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** Node {@code x} dies with the hint that {@code b} needs; node {@code y} goes on. */
    private static Cluster.Node survivor(Cluster cluster, MemoryLocalStore diskOfX) throws Exception {
        Cluster.Node x = cluster.start("x", diskOfX);
        x.untilAllCurrent();
        x.loseB();
        x.untilDown("b");
        assertThat(x.put("k")).isInstanceOf(Store.Written.Acknowledged.class);
        x.kill();
        Cluster.Node y = cluster.start("y", new MemoryLocalStore());
        cluster.until(() -> y.view("b").doing().contains("node x"), y.store()::status);
        return y;
    }

    @Test
    void theProviderItMarkedIsComparedAndCurrentAgainWithoutIt() {
        Cluster.run(cluster -> {
            Cluster.Node y = survivor(cluster, new MemoryLocalStore());
            cluster.sleep(LONG);
            assertThat(y.state("b")).isNotEqualTo(ProviderState.CURRENT);
            assertThat(y.store().status().reasons())
                    .anyMatch(reason -> reason.contains("Node x") && reason.contains("holdfast node remove x"));
            assertThat(y.store().nodes().remove("x")).isEqualTo(new Removed.Done(List.of("b")));
            y.untilAllCurrent();
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
            cluster.sleep(Duration.ofSeconds(12));
            assertThat(y.store().nodes().list().nodes())
                    .extracting(Nodes.View::name, Nodes.View::marks)
                    .containsExactly(tuple("y", List.of()));
            assertThat(y.store().status().reasons()).noneMatch(reason -> reason.contains("Node x"));
        });
    }

    @Test
    void untilTheComparisonTheMarkStandsInTheNameOfTheNodeThatRemovedIt() {
        Cluster.run(cluster -> {
            Cluster.Node y = survivor(cluster, new MemoryLocalStore());
            cluster.sleep(LONG);
            y.store().nodes().remove("x");
            assertThat(Cluster.system(cluster.a, "dirty/b/x")).isEmpty();
            assertThat(Cluster.system(cluster.a, "dirty/b/y")).isEqualTo("dirty");
            y.untilAllCurrent();
            cluster.until(
                    () -> y.store().nodes().list().nodes().getFirst().marks().isEmpty(), y.store()::status);
        });
    }

    @Test
    void nodesThatEachOweTheSameProviderDoNotWaitForEachOther() {
        Cluster.run(cluster -> {
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            Cluster.Node z = cluster.start("z", new MemoryLocalStore());
            y.untilAllCurrent();
            z.untilAllCurrent();
            byte[] dirty = "dirty".getBytes(StandardCharsets.UTF_8);
            y.store().system().put(Key.of("dirty/b/p"), dirty);
            y.store().system().put(Key.of("dirty/b/q"), dirty);
            for (Cluster.Node node : List.of(y, z)) {
                node.loseB();
                node.untilDown("b");
            }
            cluster.sleep(Duration.ofSeconds(12));
            assertThat(y.store().nodes().remove("p")).isInstanceOf(Removed.Done.class);
            assertThat(z.store().nodes().remove("q")).isInstanceOf(Removed.Done.class);
            cluster.sleep(Duration.ofSeconds(3));
            y.reachAll();
            z.reachAll();
            y.untilAllCurrent();
            z.untilAllCurrent();
        });
    }

    @Test
    void aDebtThatIsNotPaidYetKeepsTheMarkThoughNoHintIsLeft() {
        Cluster.run(cluster -> {
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            y.untilAllCurrent();
            y.loseA();
            y.untilDown("a");
            y.store().system().put(Key.of("dirty/b/p"), "dirty".getBytes(StandardCharsets.UTF_8));
            // The last one left stays in service, and cannot be compared with anything.
            assertThat(y.store().nodes().remove("p")).isInstanceOf(Removed.Done.class);
            cluster.sleep(Duration.ofSeconds(30));
            assertThat(y.store().nodes().list().nodes().getFirst().name()).isEqualTo("y");
            y.reachAll();
            List<ProviderState> states = new ArrayList<>();
            cluster.until(
                    () -> {
                        states.add(y.state("b"));
                        return states.contains(ProviderState.SUSPECT) && y.allCurrent();
                    },
                    y.store()::status);
        });
    }

    @Test
    void theRemoverDiesBeforeTheComparisonAndTheDebtIsStillPaid() {
        Cluster.run(cluster -> {
            survivor(cluster, new MemoryLocalStore()).kill();
            MemoryLocalStore diskOfZ = new MemoryLocalStore();
            Cluster.Node z = cluster.start("z", diskOfZ, true);
            cluster.sleep(LONG);
            // With b out of reach nothing has been compared, and a alone is not believed: so nothing is removed either.
            assertThat(z.store().nodes().remove("x")).isInstanceOf(Removed.NotKept.class);
            z.reachAll();
            cluster.until(() -> z.state("a") == ProviderState.CURRENT, z.store()::status);
            z.loseB();
            assertThat(z.store().nodes().remove("x")).isInstanceOf(Removed.Done.class);
            z.kill();
            Cluster.Node again = cluster.start("z", diskOfZ);
            assertThat(again.state("b")).isNotEqualTo(ProviderState.CURRENT);
            again.store().nodes().remove("y");
            again.untilAllCurrent();
            assertThat(Cluster.holds(cluster.b, "k")).isTrue();
        });
    }

    @Test
    void theRemovalHoldsAtAProviderThatWasDownMeanwhile() {
        Cluster.run(cluster -> {
            Cluster.Node y = survivor(cluster, new MemoryLocalStore());
            cluster.sleep(LONG);
            y.loseB();
            y.untilDown("b");
            assertThat(y.store().nodes().remove("x")).isInstanceOf(Removed.Done.class);
            y.reachAll();
            y.untilAllCurrent();
            assertThat(Cluster.system(cluster.b, "node/x/removed")).isEqualTo("y");
            assertThat(Cluster.system(cluster.b, "node/x")).isEmpty();
            assertThat(Cluster.system(cluster.b, "dirty/b/x")).isEmpty();
        });
    }

    @Test
    void aRemovedNodeThatComesBackServesNothingAndResurrectsNothing() {
        Cluster.run(cluster -> {
            MemoryLocalStore diskOfX = new MemoryLocalStore();
            Cluster.Node y = survivor(cluster, diskOfX);
            cluster.sleep(LONG);
            y.store().nodes().remove("x");
            y.untilAllCurrent();
            y.delete("k");
            cluster.sleep(LONG);
            y.compare();
            assertThat(cluster.b.floor(Cluster.NAMESPACE.id())).isGreaterThan(Version.NONE);
            Cluster.Node back = cluster.start("x", diskOfX);
            assertThat(back.store().removed()).isPresent();
            assertThat(back.put("m"))
                    .isInstanceOfSatisfying(
                            Store.Written.Refused.class,
                            refused -> assertThat(refused.why().reason()).isEqualTo(Store.Reason.NODE_REMOVED));
            assertThat(back.get("k")).isInstanceOf(Store.Answer.Unavailable.class);
            cluster.sleep(LONG);
            assertThat(Cluster.holds(cluster.a, "k")).isFalse();
            assertThat(Cluster.holds(cluster.b, "k")).isFalse();
            assertThat(back.store().status().hints().depth()).isEqualTo(1);
            assertThat(y.store().nodes().list().nodes())
                    .extracting(Nodes.View::name)
                    .containsExactly("y");
        });
    }

    @Test
    void aNodeThatWasOutOfReachWhenItWasRemovedGivesAwayNoHintOnceItIsBack() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            x.untilAllCurrent();
            x.loseB();
            x.untilDown("b");
            x.put("k");
            x.loseA();
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            cluster.sleep(LONG);
            y.store().nodes().remove("x");
            y.untilAllCurrent();
            y.delete("k");
            cluster.sleep(LONG);
            y.compare();
            x.reachAll();
            cluster.until(() -> x.store().removed().isPresent(), x.store()::status);
            cluster.sleep(LONG);
            assertThat(Cluster.holds(cluster.a, "k")).isFalse();
            assertThat(Cluster.holds(cluster.b, "k")).isFalse();
        });
    }

    @Test
    void aNodeThatRunsIsNotRemovedNorItselfNorOneThatIsNotThere() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            y.untilAllCurrent();
            cluster.sleep(LONG);
            assertThat(y.store().nodes().remove("x")).isInstanceOf(Removed.Running.class);
            assertThat(y.store().nodes().remove("y")).isInstanceOf(Removed.Itself.class);
            assertThat(y.store().nodes().remove("w")).isInstanceOf(Removed.Unknown.class);
            assertThat(x.store().removed()).isEmpty();
        });
    }

    @Test
    void howManyThereAreIsRememberedWithEveryProviderDownAndAfterARestart() {
        Cluster.run(cluster -> {
            MemoryLocalStore disk = new MemoryLocalStore();
            cluster.start("x", new MemoryLocalStore()).untilAllCurrent();
            Cluster.Node y = cluster.start("y", disk);
            y.untilAllCurrent();
            cluster.until(() -> y.store().nodes().registered() == 2, y.store()::status);
            y.loseA();
            y.loseB();
            cluster.sleep(LONG);
            assertThat(y.store().nodes().registered()).isEqualTo(2);
            y.kill();
            Cluster.Node again = cluster.startAlone("y", disk);
            cluster.sleep(LONG);
            assertThat(again.store().nodes().registered()).isEqualTo(2);
        });
    }

    @Test
    void deletedKeysAreCollectedOnceTheSilentNodeIsRemovedAndNotBefore() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            cluster.sleep(Duration.ofSeconds(12));
            x.kill();
            y.put("k");
            y.delete("k");
            cluster.sleep(LONG);
            y.compare();
            assertThat(y.store().status().counters().collected()).isZero();
            assertThat(y.store().nodes().remove("x")).isInstanceOf(Removed.Done.class);
            cluster.sleep(Duration.ofSeconds(2));
            y.compare();
            assertThat(y.store().status().counters().collected()).isPositive();
        });
    }
}

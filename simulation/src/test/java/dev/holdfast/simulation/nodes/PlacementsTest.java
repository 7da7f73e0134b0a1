package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.Role;
import dev.holdfast.engine.replication.Store.Written;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several nodes change which providers they use (DESIGN rule 24). */
class PlacementsTest {

    private static void untilComplete(Cluster cluster, Cluster.Node node) throws Exception {
        cluster.until(() -> node.view("c").placed().complete(), node.store()::status);
        node.store().placement().tell();
    }

    private static void done(Changed changed, Role role) {
        assertThat(changed).isEqualTo(new Changed.Done(role));
    }

    private static void refused(Changed changed, String why) {
        assertThat(changed)
                .isInstanceOfSatisfying(
                        Changed.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    @Test
    void noNodeReadsFromAProviderThatAnotherOneHasNotGivenAllThatItHasAcknowledged() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            MemoryProvider c = MemoryProvider.initialised("c");
            done(x.store().placement().add(c), Role.JOINING);
            untilComplete(cluster, x);
            assertThat(y.put("of y alone")).isInstanceOf(Written.Acknowledged.class);
            assertThat(Cluster.holds(c, "of y alone")).isFalse();
            refused(x.store().placement().promote("c"), "y");
            y.store().placement().tell();
            refused(x.store().placement().promote("c"), "y");
            done(y.store().placement().add(c), Role.JOINING);
            refused(x.store().placement().promote("c"), "y");
            untilComplete(cluster, y);
            assertThat(Cluster.holds(c, "of y alone")).isTrue();
            done(x.store().placement().promote("c"), Role.SERVING);
            done(y.store().placement().promote("c"), Role.SERVING);
            cluster.until(() -> x.state("c") == ProviderState.CURRENT, x.store()::status);
        });
    }

    @Test
    void noNodeStopsWritingToAProviderFromWhichAnotherOneReads() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            MemoryProvider c = MemoryProvider.initialised("c");
            for (Cluster.Node node : new Cluster.Node[] {x, y}) {
                done(node.store().placement().add(c), Role.JOINING);
                untilComplete(cluster, node);
            }
            for (Cluster.Node node : new Cluster.Node[] {x, y}) {
                done(node.store().placement().promote("c"), Role.SERVING);
            }
            // One may hold writes for c for a moment, of which the other one hears.
            cluster.until(
                    () -> Stream.of(x, y)
                            .allMatch(node -> node.allCurrent() && node.state("c") == ProviderState.CURRENT),
                    x.store()::status);
            done(x.store().placement().demote("a", 2), Role.LEAVING);
            refused(x.store().placement().remove("a"), "y");
            assertThat(x.put("while a leaves")).isInstanceOf(Written.Acknowledged.class);
            assertThat(Cluster.holds(cluster.a, "while a leaves")).isTrue();
            done(y.store().placement().demote("a", 2), Role.LEAVING);
            done(x.store().placement().remove("a"), Role.REMOVED);
            refused(y.store().placement().promote("a"), "x");
            done(y.store().placement().remove("a"), Role.REMOVED);
            assertThat(x.put("without a")).isInstanceOf(Written.Acknowledged.class);
            assertThat(Cluster.holds(cluster.a, "without a")).isFalse();
        });
    }

    @Test
    void aNodeThatUsesOtherProvidersIsNamed() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            MemoryProvider c = MemoryProvider.initialised("c");
            done(x.store().placement().add(c), Role.JOINING);
            untilComplete(cluster, x);
            done(x.store().placement().promote("c"), Role.SERVING);
            cluster.until(() -> x.state("c") == ProviderState.CURRENT, x.store()::status);
            Cluster.Node late = cluster.start("late", new MemoryLocalStore());
            late.untilAllCurrent();
            late.store().placement().tell();
            x.store().placement().tell();
            assertThat(x.store().status().reasons())
                    .anyMatch(reason -> reason.contains("late") && reason.contains("provider c"));
        });
    }
}

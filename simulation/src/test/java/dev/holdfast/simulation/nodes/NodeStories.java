package dev.holdfast.simulation.nodes;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Written;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * What nodes over the same providers owe one another, told because drawn worlds seldom meet the moment. Also hunts mutants: then it says
 * which promise broke.
 */
public final class NodeStories implements LongFunction<String> {
    private static final int WRITES = 200;

    @Override
    public String apply(long seed) {
        try {
            return absenceIsConfirmedByAMarkedProvider() || nodesThatAreNewStampAlike() ? "P4 register" : "";
        } catch (AssertionError other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
    }

    /** One node has just written past a provider that another one, which then loses its only other one, still takes for current. */
    static boolean absenceIsConfirmedByAMarkedProvider() {
        boolean[] confirmed = new boolean[1];
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            cluster.sleep(Duration.ofSeconds(5));
            x.loseB();
            acknowledged(x);
            // y reads the marks once a second, and for four it takes x for one that writes to b.
            cluster.sleep(Duration.ofMillis(1_200));
            y.loseA();
            y.untilDown("a");
            confirmed[0] = y.get("k") instanceof Answer.Missing missing
                    && missing.freshness().confirmed();
        });
        return confirmed[0];
    }

    /** Both draw their stamps from the same chance, and neither finds the other's registration. */
    static boolean nodesThatAreNewStampAlike() {
        boolean[] alike = new boolean[1];
        Cluster.run(cluster -> {
            Set<Version> byX = new HashSet<>();
            Set<Version> byY = new HashSet<>();
            Thread x = cluster.fork(() -> writeAsSoonAsOpen(cluster, "x", byX));
            Thread y = cluster.fork(() -> writeAsSoonAsOpen(cluster, "y", byY));
            x.join();
            y.join();
            byX.retainAll(byY);
            alike[0] = !byX.isEmpty();
        });
        return alike[0];
    }

    private static void writeAsSoonAsOpen(Cluster cluster, String name, Set<Version> versions) {
        try {
            Cluster.Node node = cluster.startTwin(name, new MemoryLocalStore());
            for (int i = 0; i < WRITES; i++) {
                versions.add(acknowledged(node));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Version acknowledged(Cluster.Node node) {
        if (node.put("k") instanceof Written.Acknowledged written) {
            return written.receipt().version();
        }
        throw new AssertionError("a write was not acknowledged");
    }
}

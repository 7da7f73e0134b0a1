package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.simulation.check.Story;
import dev.holdfast.simulation.check.Violation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * P8: when a node says that any one provider could be lost, two of them hold what was acknowledged, at whichever node, so long ago
 * that it must have heard. What another node still owes to a provider it learns by that node's mark (DESIGN rule 2).
 */
final class Claims {
    /** Marks are read every second, each time by several calls that may be slow. */
    static final long LAG_NANOS = 6_000_000_000L;

    private final NamespaceId namespace;
    private final List<SimulatedProvider> providers;
    private final Troubles troubles;
    private final Map<Key, Acknowledged> keys = new TreeMap<>();

    /** Of one key: what must be known, and what need not be yet. */
    private static final class Acknowledged {
        private final Deque<Operation> news = new ArrayDeque<>();
        private @Nullable Operation newest;

        @Nullable
        Operation before(long nanos) {
            while (!news.isEmpty() && news.getFirst().endNanos() <= nanos) {
                newest = newest == null ? news.removeFirst() : Homes.newer(newest, news.removeFirst());
            }
            return newest;
        }
    }

    Claims(NamespaceId namespace, List<SimulatedProvider> providers, Troubles troubles) {
        this.namespace = namespace;
        this.providers = providers;
        this.troubles = troubles;
    }

    /** Takes note of a call that has ended. */
    void ended(Operation operation) {
        // What lies with one node alone nobody else can know of.
        if (operation.receipt() != null && !operation.dark()) {
            keys.computeIfAbsent(operation.key(), _ -> new Acknowledged()).news.add(operation);
        }
    }

    /** A node says now that any provider could be lost. */
    Optional<Violation> check(History history, String node, long now) {
        if (troubles.harmed() > 0) {
            return Optional.empty();
        }
        for (Map.Entry<Key, Acknowledged> entry : keys.entrySet()) {
            Key key = entry.getKey();
            Operation write = entry.getValue().before(now - LAG_NANOS);
            if (write != null && holders(write) < 2) {
                List<String> story = new ArrayList<>(Story.before(history, key, Integer.MAX_VALUE));
                providers.forEach(provider -> story.add(provider.name() + " holds " + provider.held(namespace, key)));
                return Optional.of(new Violation(
                        "P8",
                        node + " says that any provider could be lost, and " + holders(write) + " hold this write: "
                                + write,
                        story));
            }
        }
        return Optional.empty();
    }

    private int holders(Operation write) {
        int holders = 0;
        for (SimulatedProvider provider : providers) {
            holders += Homes.holds(provider, providers, namespace, write) ? 1 : 0;
        }
        return holders;
    }
}

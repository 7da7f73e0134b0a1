package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds namespaces that would need themselves. */
final class Circles {
    private Circles() {}

    /**
     * The shortest way from a namespace through what it needs back to itself.
     *
     * @param needs of the namespace itself
     * @param others what each other one needs
     * @return each needs the next one, and the last one the first; empty when there is no way back
     */
    static List<NamespaceId> through(
            NamespaceId id, List<NamespaceId> needs, Function<NamespaceId, List<NamespaceId>> others) {
        Map<NamespaceId, NamespaceId> cameFrom = new HashMap<>();
        Deque<NamespaceId> ahead = new ArrayDeque<>(List.of(id));
        while (!ahead.isEmpty()) {
            NamespaceId at = ahead.removeFirst();
            for (NamespaceId next : at.equals(id) ? needs : others.apply(at)) {
                if (next.equals(id)) {
                    return way(cameFrom, id, at);
                }
                if (cameFrom.putIfAbsent(next, at) == null) {
                    ahead.addLast(next);
                }
            }
        }
        return List.of();
    }

    private static List<NamespaceId> way(Map<NamespaceId, NamespaceId> cameFrom, NamespaceId first, NamespaceId last) {
        List<NamespaceId> way = new ArrayList<>();
        for (NamespaceId at = last; !at.equals(first); at = cameFrom.getOrDefault(at, first)) {
            way.add(at);
        }
        way.add(first);
        return way.reversed();
    }
}

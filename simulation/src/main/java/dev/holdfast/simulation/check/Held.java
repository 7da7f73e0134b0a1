package dev.holdfast.simulation.check;

import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When a node's feed may tell of a write: once those that had begun before it was acknowledged have ended, too (ADR 0013). */
final class Held {
    /** How much longer an origin may be at a write of which its edge has heard no more. */
    private static final long UNHEARD_NANOS = 10_000_000_000L;

    private final Map<String, List<Writing>> byNode = new HashMap<>();
    private final List<Writing> anywhere = new ArrayList<>();

    /** @param latest the latest end of this write and all that began before it */
    private record Writing(long begin, long latest) {}

    Held(History history) {
        List<Operation> byBegin = new ArrayList<>(history.operations());
        byBegin.removeIf(operation -> !operation.write());
        byBegin.sort(Comparator.comparingLong(Operation::beginNanos));
        for (Operation write : byBegin) {
            boolean unheard = !write.via().isEmpty() && write.indeterminate();
            long end = write.endNanos() + (unheard ? UNHEARD_NANOS : 0);
            add(unheard ? anywhere : byNode.computeIfAbsent(write.node(), _ -> new ArrayList<>()), write, end);
        }
    }

    private static void add(List<Writing> writings, Operation write, long end) {
        long before = writings.isEmpty() ? 0 : writings.getLast().latest();
        writings.add(new Writing(write.beginNanos(), Math.max(before, end)));
    }

    /** When an acknowledged write may be told at the latest, if it can be told at all. */
    long toldBy(Operation write) {
        long own = latest(byNode.getOrDefault(write.node(), List.of()), write.endNanos());
        return Math.max(Math.max(own, write.endNanos()), latest(anywhere, write.endNanos()));
    }

    /** The latest end of what began before this time. */
    private static long latest(List<Writing> writings, long nanos) {
        int low = 0;
        int high = writings.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (writings.get(middle).begin() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : writings.get(low - 1).latest();
    }
}

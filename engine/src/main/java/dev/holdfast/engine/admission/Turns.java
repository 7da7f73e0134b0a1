package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among those who wait: each namespace gets its share, and one with many calls waits for itself alone. The shares are
 * by tier, each eight times that of the tier after it, so that after an outage namespaces come back in the order of their tiers and
 * none waits for ever.
 *
 * <p>Start-time fair queueing (Goyal, Vin and Cheng, 1996): a call's start tag is the finish tag of the namespace's call before it, but
 * not less than the tag that is being served; its finish tag is later by one, divided by the weight. The lowest start tag is next. Those
 * of one namespace are served in the order in which they came.
 *
 * <p>Not thread-safe.
 */
final class Turns {
    /** One that waits. */
    static final class Waiting {
        final NamespaceId namespace;
        final int tier;
        private final double start;
        private final long number;

        private Waiting(NamespaceId namespace, int tier, double start, long number) {
            this.namespace = namespace;
            this.tier = tier;
            this.start = start;
            this.number = number;
        }
    }

    /** Those of one namespace, in their order. */
    private static final class Line {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private double finish;
    }

    private final Map<NamespaceId, Line> lines = new HashMap<>();
    /** The first of each line. */
    private final TreeSet<Waiting> first = new TreeSet<>(
            Comparator.<Waiting>comparingDouble(waiting -> waiting.start).thenComparingLong(waiting -> waiting.number));

    private double served;
    private long numbers;
    private int size;

    int size() {
        return size;
    }

    int size(NamespaceId namespace) {
        Line line = lines.get(namespace);
        return line == null ? 0 : line.waiting.size();
    }

    Waiting add(NamespaceId namespace, int tier) {
        Line line = lines.computeIfAbsent(namespace, named -> new Line());
        double start = Math.max(served, line.finish);
        Waiting waiting = new Waiting(namespace, tier, start, numbers++);
        line.finish = start + 1 / weight(tier);
        if (line.waiting.isEmpty()) {
            first.add(waiting);
        }
        line.waiting.addLast(waiting);
        size++;
        return waiting;
    }

    private static double weight(int tier) {
        return 1 << (3 * (Policy.LAST_TIER - tier));
    }

    /** The next one whose namespace may have a turn; null for none. */
    @Nullable
    Waiting next(Predicate<NamespaceId> may) {
        for (Waiting waiting : first) {
            if (may.test(waiting.namespace)) {
                return waiting;
            }
        }
        return null;
    }

    /** Takes out the one whose turn it is. */
    void serve(Waiting waiting) {
        served = waiting.start;
        remove(waiting);
    }

    /** Takes one out; nothing when it is out already. */
    void remove(Waiting waiting) {
        Line line = lines.get(waiting.namespace);
        if (line == null) {
            return;
        }
        boolean wasFirst = line.waiting.peekFirst() == waiting;
        if (!line.waiting.remove(waiting)) {
            return;
        }
        size--;
        if (wasFirst) {
            first.remove(waiting);
            Waiting after = line.waiting.peekFirst();
            if (after != null) {
                first.add(after);
            }
        }
        if (line.waiting.isEmpty()) {
            lines.remove(waiting.namespace);
        }
    }

    /**
     * Takes out the one that has to go when too many wait: the last to come of the line that is longest for its weight, so of a namespace
     * that floods the store, and of the lowest tier.
     */
    Waiting shed() {
        Line longest = lines.values().stream()
                .max(Comparator.comparingDouble(line -> line.waiting.size() / weight(line.waiting.getFirst().tier)))
                .orElseThrow();
        Waiting last = Objects.requireNonNull(longest.waiting.peekLast());
        remove(last);
        return last;
    }
}

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
 * <p>Self-clocked fair queueing (Golestani, "A self-clocked fair queueing scheme for broadband applications", 1994): the first call of a
 * namespace has a finish tag that is later than that of the namespace's call before it, and for one that had none waiting than the tag
 * served last, by one, divided by the weight. The lowest finish tag is next. By start tags, namespaces that have never more than one call
 * waiting would all come first whatever they weigh. Those of one namespace are served in the order in which they came.
 *
 * <p>Whoever gives up leaves its tag to the next call of the namespace, also to one that comes later: low tiers wait for longer than
 * their clients are patient, and would otherwise begin to wait anew each time.
 *
 * <p>Not thread-safe.
 */
final class Turns {
    /** How long, in what the tags count, a tag that was given up is kept once it has been passed: a turn of the lowest tier. */
    private static final double KEPT = 1;

    private static final int FEW_LEFT = 64;
    private static final int MOST_LEFT = 10_000;

    /** One that waits. */
    static final class Waiting {
        final NamespaceId namespace;
        final int tier;
        private final long number;
        /** Once it is the first of its line. */
        private double finish;

        private Waiting(NamespaceId namespace, int tier, long number) {
            this.namespace = namespace;
            this.tier = tier;
            this.number = number;
        }
    }

    /** Those of one namespace, in their order. */
    private final Map<NamespaceId, Deque<Waiting>> lines = new HashMap<>();
    /** The first of each line. */
    private final TreeSet<Waiting> first = new TreeSet<>(Comparator.<Waiting>comparingDouble(waiting -> waiting.finish)
            .thenComparingLong(waiting -> waiting.number));

    /** Tags of namespaces of which the last one that waited has given up. */
    private final Map<NamespaceId, Double> left = new HashMap<>();

    private int tooManyLeft = FEW_LEFT;
    private double served;
    private long numbers;
    private int size;

    int size() {
        return size;
    }

    int size(NamespaceId namespace) {
        Deque<Waiting> line = lines.get(namespace);
        return line == null ? 0 : line.size();
    }

    Waiting add(NamespaceId namespace, int tier) {
        Waiting waiting = new Waiting(namespace, tier, numbers++);
        Deque<Waiting> line = lines.computeIfAbsent(namespace, named -> new ArrayDeque<>());
        line.addLast(waiting);
        if (line.size() == 1) {
            double tag = tag(served, tier);
            Double before = left.remove(namespace);
            begin(waiting, before == null || before < served - KEPT ? tag : Math.min(tag, before));
        }
        size++;
        return waiting;
    }

    private void begin(Waiting waiting, double finish) {
        waiting.finish = finish;
        first.add(waiting);
    }

    private static double tag(double before, int tier) {
        return before + 1 / weight(tier);
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

    /** Takes out the one whose turn it is, which is the first of its line. */
    void serve(Waiting waiting) {
        // One that was passed over for a while has an earlier tag.
        served = Math.max(served, waiting.finish);
        Waiting after = takeOut(waiting);
        if (after != null) {
            begin(after, tag(waiting.finish, after.tier));
        }
    }

    /** Takes one out that gives up; nothing when it is out already. */
    void remove(Waiting waiting) {
        Deque<Waiting> line = lines.get(waiting.namespace);
        if (line == null) {
            return;
        }
        if (line.getFirst() != waiting) {
            size -= line.remove(waiting) ? 1 : 0;
            return;
        }
        Waiting after = takeOut(waiting);
        if (after != null) {
            begin(after, waiting.finish);
        } else {
            leave(waiting);
        }
    }

    /** @return the one that is now the first of its line; null for none */
    private @Nullable Waiting takeOut(Waiting waiting) {
        Deque<Waiting> line = Objects.requireNonNull(lines.get(waiting.namespace));
        first.remove(waiting);
        line.removeFirst();
        size--;
        if (line.isEmpty()) {
            lines.remove(waiting.namespace);
        }
        return line.peekFirst();
    }

    private void leave(Waiting waiting) {
        left.put(waiting.namespace, waiting.finish);
        if (left.size() > tooManyLeft) {
            left.values().removeIf(tag -> tag < served - KEPT);
            if (left.size() > MOST_LEFT) {
                left.clear();
            }
            tooManyLeft = Math.max(FEW_LEFT, 2 * left.size());
        }
    }

    /**
     * Takes out the one that has to go when too many wait: of the lowest tier that waits, the last to come of the longest line, so of a
     * namespace that floods the store.
     */
    Waiting shed() {
        Waiting last = lines.values().stream()
                .max(Comparator.<Deque<Waiting>>comparingInt(line -> line.getLast().tier)
                        .thenComparingInt(Deque::size))
                .orElseThrow()
                .getLast();
        remove(last);
        return last;
    }
}

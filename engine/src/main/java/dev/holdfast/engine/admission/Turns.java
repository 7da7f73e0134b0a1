package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among those who wait. Of a tier each tenant gets the same share, however many namespaces it has, and of that each of its
 * namespaces, however many calls it sends: who sends many waits for itself alone. What a tenant has in one tier gets eight times as much
 * as what one has in the tier after it, so that after an outage namespaces come back in the order of their tiers and none waits for ever.
 *
 * <p>Two levels of {@link FairQueue} (Bennett and Zhang, "Hierarchical packet fair queueing algorithms", 1996). Calls of one namespace are
 * served in the order in which they came. Whoever gives up leaves its place to the next call of the namespace, also to one that comes
 * later.
 *
 * <p>Not thread-safe.
 */
final class Turns {
    /** One that waits. */
    static final class Waiting {
        final NamespaceId namespace;
        final Standing standing;
        private final FairQueue.Sharer<Standing, Part> part;
        private final FairQueue.Sharer<NamespaceId, Deque<Waiting>> line;

        private Waiting(
                NamespaceId namespace,
                FairQueue.Sharer<Standing, Part> part,
                FairQueue.Sharer<NamespaceId, Deque<Waiting>> line) {
            this.namespace = namespace;
            this.standing = part.key;
            this.part = part;
            this.line = line;
        }
    }

    /** What waits of one tenant in one tier: a line for each namespace. */
    private static final class Part {
        private final FairQueue<NamespaceId, Deque<Waiting>> lines = new FairQueue<>();
        private int size;
    }

    private final FairQueue<Standing, Part> parts = new FairQueue<>();
    private int size;

    int size() {
        return size;
    }

    Waiting add(NamespaceId namespace, Standing standing) {
        FairQueue.Sharer<Standing, Part> part = parts.enter(standing, weight(standing.tier()), Part::new);
        FairQueue.Sharer<NamespaceId, Deque<Waiting>> line = part.what.lines.enter(namespace, 1, ArrayDeque::new);
        Waiting waiting = new Waiting(namespace, part, line);
        line.what.addLast(waiting);
        part.what.size++;
        size++;
        return waiting;
    }

    private static double weight(int tier) {
        return 1 << (3 * (Policy.LAST_TIER - tier));
    }

    /** The next one whose tenant and namespace may have a turn; null for none. */
    @Nullable
    Waiting next(Predicate<String> tenantMay, Predicate<NamespaceId> namespaceMay) {
        for (FairQueue.Sharer<Standing, Part> part : parts.inOrder()) {
            if (!tenantMay.test(part.key.tenant())) {
                continue;
            }
            for (FairQueue.Sharer<NamespaceId, Deque<Waiting>> line : part.what.lines.inOrder()) {
                if (namespaceMay.test(line.key)) {
                    return line.what.getFirst();
                }
            }
        }
        return null;
    }

    /** Takes out the one whose turn it is, which is the first of its line. */
    void serve(Waiting waiting) {
        parts.served(waiting.part);
        waiting.part.what.lines.served(waiting.line);
        remove(waiting);
    }

    /** Takes one out that gives up; nothing when it is out already. */
    void remove(Waiting waiting) {
        Deque<Waiting> line = waiting.line.what;
        if (!line.remove(waiting)) {
            return;
        }
        size--;
        Part part = waiting.part.what;
        part.size--;
        if (line.isEmpty()) {
            part.lines.leave(waiting.line);
        }
        if (part.size == 0) {
            parts.leave(waiting.part);
        }
    }

    /**
     * Takes out the one that has to go when too many wait: in the lowest tier that waits, of the tenant with the most waiting there, the last
     * to come of its longest line, so of whoever floods the store.
     */
    Waiting shed() {
        Part part = parts.inOrder().stream()
                .max(Comparator.<FairQueue.Sharer<Standing, Part>>comparingInt(each -> each.key.tier())
                        .thenComparingInt(each -> each.what.size))
                .orElseThrow()
                .what;
        Waiting last = part.lines.inOrder().stream()
                .map(each -> each.what)
                .max(Comparator.comparingInt(Deque::size))
                .orElseThrow()
                .getLast();
        remove(last);
        return last;
    }
}

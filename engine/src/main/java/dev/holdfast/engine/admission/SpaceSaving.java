package dev.holdfast.engine.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes most often in a stream, in bounded memory: Space-Saving (Metwally, Agrawal and El Abbadi, 2005). So many things are
 * counted; one that is not takes the place of the one with the lowest count, and may have come as often as that one at most before, which
 * is its error. Whatever comes more often than one in so many is counted for certain.
 *
 * <p>Not thread-safe.
 */
final class SpaceSaving<T> {
    private static final class Counter<T> {
        private T item;
        private double count;
        private double error;
        private int at;

        private Counter(T item) {
            this.item = item;
        }
    }

    /**
     * A thing that was counted.
     *
     * @param count how often it has come at least
     */
    record Counted<T>(T item, double count) {}

    private final int most;
    private final Map<T, Counter<T>> counters = new HashMap<>();
    /** A binary heap, the lowest count first. */
    private final List<Counter<T>> heap = new ArrayList<>();

    private double total;

    /** @param most how many things are counted, 1 or more */
    SpaceSaving(int most) {
        this.most = most;
    }

    void note(T item) {
        total++;
        Counter<T> counter = counters.get(item);
        if (counter == null) {
            counter = heap.size() < most ? added(item) : replaced(item);
            counters.put(item, counter);
        }
        counter.count++;
        sink(counter);
    }

    private Counter<T> added(T item) {
        Counter<T> counter = new Counter<>(item);
        counter.at = heap.size();
        heap.add(counter);
        // Its count is the lowest there can be.
        while (counter.at > 0) {
            swap(counter, heap.get((counter.at - 1) / 2));
        }
        return counter;
    }

    private Counter<T> replaced(T item) {
        Counter<T> lowest = heap.getFirst();
        counters.remove(lowest.item);
        lowest.item = item;
        lowest.error = lowest.count;
        return lowest;
    }

    private void sink(Counter<T> counter) {
        while (true) {
            int left = 2 * counter.at + 1;
            if (left >= heap.size()) {
                return;
            }
            Counter<T> lower = heap.get(left);
            if (left + 1 < heap.size() && heap.get(left + 1).count < lower.count) {
                lower = heap.get(left + 1);
            }
            if (lower.count >= counter.count) {
                return;
            }
            swap(counter, lower);
        }
    }

    private void swap(Counter<T> one, Counter<T> other) {
        int at = one.at;
        one.at = other.at;
        other.at = at;
        heap.set(one.at, one);
        heap.set(other.at, other);
    }

    /** Makes all that has come so far weigh half. */
    void halve() {
        total /= 2;
        for (Counter<T> counter : heap) {
            counter.count /= 2;
            counter.error /= 2;
        }
    }

    /** How many things have come, those that weigh less by as much. */
    double total() {
        return total;
    }

    /** Those that have come so often for certain, the most often first; of equals in the order of {@code ties}. */
    List<Counted<T>> atLeast(double count, Comparator<T> ties) {
        return heap.stream()
                .map(counter -> new Counted<>(counter.item, counter.count - counter.error))
                .filter(counted -> counted.count() >= count)
                .sorted(Comparator.<Counted<T>>comparingDouble(counted -> -counted.count())
                        .thenComparing(Counted::item, ties))
                .toList();
    }

    /** How often a thing has come for certain. */
    double count(T item) {
        Counter<T> counter = counters.get(item);
        return counter == null ? 0 : counter.count - counter.error;
    }
}

package dev.holdfast.engine.admission;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * In which order those who share something have their turns: by their weights, however much each of them wants.
 *
 * <p>Self-clocked fair queueing (Golestani, "A self-clocked fair queueing scheme for broadband applications", 1994): each that wants a turn
 * has a finish tag, which is later than the tag served last by one, divided by its weight. The lowest tag is next. By start tags, those that
 * never want more than one turn would all come first whatever they weigh. So nobody saves turns up, not even one that was passed over:
 * it is the next one, once.
 *
 * <p>Whoever wants no more keeps its tag for a while: low weights wait for longer than their clients are patient, and would otherwise
 * begin to wait anew each time.
 *
 * <p>Not thread-safe.
 *
 * @param <K> what those who share are known by
 * @param <T> what each of them brings
 */
final class FairQueue<K, T> {
    /** How long, in what the tags count, a tag is kept once it has been passed: a turn of weight 1. */
    private static final double KEPT = 1;

    private static final int FEW_LEFT = 64;
    private static final int MOST_LEFT = 10_000;

    /** One that shares. */
    static final class Sharer<K, T> {
        final K key;
        final T what;
        private final double turn;
        private double finish;
        /** Of those with the same tag, who has had it first. */
        private long number;

        private Sharer(K key, T what, double weight) {
            this.key = key;
            this.what = what;
            this.turn = 1 / weight;
        }
    }

    private final Map<K, Sharer<K, T>> waiting = new HashMap<>();
    private final TreeSet<Sharer<K, T>> order =
            new TreeSet<>(Comparator.<Sharer<K, T>>comparingDouble(sharer -> sharer.finish)
                    .thenComparingLong(sharer -> sharer.number));

    private final Map<K, Sharer<K, T>> left = new HashMap<>();
    private int tooManyLeft = FEW_LEFT;
    private double served;
    private long numbers;

    /**
     * Has one wait for a turn, unless it does already.
     *
     * @param weight always the same of one
     * @param made what it brings when nothing is known of it
     */
    Sharer<K, T> enter(K key, double weight, Supplier<T> made) {
        Sharer<K, T> there = waiting.get(key);
        if (there != null) {
            return there;
        }
        Sharer<K, T> before = left.remove(key);
        Sharer<K, T> sharer = before == null ? new Sharer<>(key, made.get(), weight) : before;
        boolean fresh = before == null || before.finish < served - KEPT;
        place(sharer, fresh ? served + sharer.turn : sharer.finish);
        waiting.put(key, sharer);
        return sharer;
    }

    private void place(Sharer<K, T> sharer, double finish) {
        sharer.finish = finish;
        sharer.number = numbers++;
        order.add(sharer);
    }

    /** Those who wait, whose turn is next first. */
    Collection<Sharer<K, T>> inOrder() {
        return order;
    }

    /** One has had its turn, and wants another one. */
    void served(Sharer<K, T> sharer) {
        served = Math.max(served, sharer.finish);
        order.remove(sharer);
        place(sharer, served + sharer.turn);
    }

    /** One that waits wants no more turns. */
    void leave(Sharer<K, T> sharer) {
        waiting.remove(sharer.key);
        order.remove(sharer);
        left.put(sharer.key, sharer);
        if (left.size() > tooManyLeft) {
            left.values().removeIf(gone -> gone.finish < served - KEPT);
            if (left.size() > MOST_LEFT) {
                left.clear();
            }
            tooManyLeft = Math.max(FEW_LEFT, 2 * left.size());
        }
    }
}

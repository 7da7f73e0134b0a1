package dev.holdfast.simulation.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for virtual time to pass, in order; equal times in the order of asking.
 *
 * <p>A heap in which each timer knows its place. Nearly every wait has a deadline of seconds and ends after a millisecond: a queue
 * that keeps what was cancelled until its time comes is full of it, and a run spent a tenth of its time on that.
 */
final class Timers {
    private final List<Timer> heap = new ArrayList<>();
    private long made;

    /** @param due what happens then, on the carrier, unless the process is dead; it must not block */
    Timer add(long at, Process process, Runnable due) {
        Timer timer = new Timer(this, at, made++, process, due);
        heap.add(timer);
        rise(timer, heap.size() - 1);
        return timer;
    }

    /** The next timer that still counts, left in place. */
    @Nullable
    Timer peek() {
        while (!heap.isEmpty()) {
            Timer first = heap.getFirst();
            if (!first.process().dead()) {
                return first;
            }
            remove(first);
        }
        return null;
    }

    /** Removes and returns the next timer when it is due. */
    @Nullable
    Timer due(long now) {
        // Asked twice a step, and mostly for nothing: whether the first one's process is dead matters once it is due.
        while (!heap.isEmpty() && heap.getFirst().at() <= now) {
            Timer first = heap.getFirst();
            remove(first);
            if (!first.process().dead()) {
                return first;
            }
        }
        return null;
    }

    void remove(Timer timer) {
        timer.queue = null;
        int place = timer.place;
        Timer last = heap.removeLast();
        if (place < heap.size()) {
            if (place > 0 && last.before(heap.get((place - 1) >>> 1))) {
                rise(last, place);
            } else {
                sink(last, place);
            }
        }
    }

    /** Lets go of those that will never run, and of what they hold: a process that died may have meant to wait for days. */
    void tidy() {
        for (Timer timer : heap) {
            if (timer.process().dead()) {
                // Whoever cancels it later must not take another one off.
                timer.queue = null;
            }
        }
        heap.removeIf(timer -> timer.queue == null);
        for (int i = 0; i < heap.size(); i++) {
            heap.get(i).place = i;
        }
        for (int i = heap.size() / 2 - 1; i >= 0; i--) {
            sink(heap.get(i), i);
        }
    }

    private void put(Timer timer, int place) {
        heap.set(place, timer);
        timer.place = place;
    }

    private void rise(Timer timer, int from) {
        int place = from;
        while (place > 0) {
            Timer parent = heap.get((place - 1) >>> 1);
            if (!timer.before(parent)) {
                break;
            }
            put(parent, place);
            place = (place - 1) >>> 1;
        }
        put(timer, place);
    }

    private void sink(Timer timer, int from) {
        int place = from;
        while (2 * place + 1 < heap.size()) {
            int left = 2 * place + 1;
            boolean right = left + 1 < heap.size() && heap.get(left + 1).before(heap.get(left));
            Timer least = heap.get(right ? left + 1 : left);
            if (!least.before(timer)) {
                break;
            }
            put(least, place);
            place = right ? left + 1 : left;
        }
        put(timer, place);
    }
}

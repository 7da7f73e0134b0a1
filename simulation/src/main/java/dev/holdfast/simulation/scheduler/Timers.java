package dev.holdfast.simulation.scheduler;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What waits for virtual time to pass, in order; equal times in the order of asking. */
final class Timers {

    /** One wait. Cancelled when its thread goes on for another reason. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long order;
        private final Fiber fiber;
        private final boolean stall;
        private boolean cancelled;

        private Timer(long at, long order, Fiber fiber, boolean stall) {
            this.at = at;
            this.order = order;
            this.fiber = fiber;
            this.stall = stall;
        }

        long at() {
            return at;
        }

        Fiber fiber() {
            return fiber;
        }

        /** Whether the thread was runnable and held back, rather than parked. */
        boolean stall() {
            return stall;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long made;

    Timer add(long at, Fiber fiber, boolean stall) {
        Timer timer = new Timer(at, made++, fiber, stall);
        queue.add(timer);
        return timer;
    }

    /** The next timer that still counts, left in place. */
    @Nullable
    Timer peek() {
        Timer first = queue.peek();
        while (first != null && (first.cancelled || first.fiber.process().dead())) {
            queue.poll();
            first = queue.peek();
        }
        return first;
    }

    /** Removes and returns the next timer when it is due. */
    @Nullable
    Timer due(long now) {
        Timer first = peek();
        if (first == null || first.at > now) {
            return null;
        }
        return queue.poll();
    }
}

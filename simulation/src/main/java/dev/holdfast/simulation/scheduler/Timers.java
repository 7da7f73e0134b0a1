package dev.holdfast.simulation.scheduler;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What waits for virtual time to pass, in order; equal times in the order of asking. */
final class Timers {

    /** One wait. Cancelled when nobody waits any more. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long order;
        private final Process process;
        private final Runnable due;
        private boolean cancelled;

        private Timer(long at, long order, Process process, Runnable due) {
            this.at = at;
            this.order = order;
            this.process = process;
            this.due = due;
        }

        long at() {
            return at;
        }

        void run() {
            due.run();
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

    /** @param due what happens then, on the carrier, unless the process is dead; it must not block */
    Timer add(long at, Process process, Runnable due) {
        Timer timer = new Timer(at, made++, process, due);
        queue.add(timer);
        return timer;
    }

    /** The next timer that still counts, left in place. */
    @Nullable
    Timer peek() {
        Timer first = queue.peek();
        while (first != null && (first.cancelled || first.process.dead())) {
            queue.poll();
            first = queue.peek();
        }
        return first;
    }

    /** Lets go of those that will never run, and of what they hold: a process that died may have meant to wait for days. */
    void tidy() {
        queue.removeIf(timer -> timer.cancelled || timer.process.dead());
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

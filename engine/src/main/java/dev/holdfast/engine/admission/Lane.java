package dev.holdfast.engine.admission;

import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The way in of one namespace: open, or so narrow that calls wait in it, in the order in which they came. Thread-safe. */
final class Lane {
    private static final double FIRST = 0.5;
    private static final double NARROWER = 0.7;
    private static final double WIDER = 1.1;
    private static final double SLIGHTLY_WIDER = 1.02;
    /** By so much the width at which the processor was full is forgotten, each time it is found full at a greater one. */
    private static final double FORGET = 1.5;

    /** What a pause saves up, in seconds of the width. */
    private static final double SAVED_SECONDS = 0.002;
    /** More are refused at once: whoever has come last would wait in vain. */
    private static final int MOST_WAITING = 1_024;

    private final LongAdder counted = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private volatile boolean narrow;
    private double width;
    private double saved;
    private boolean held;
    private long filledAt;
    /** The width at which the processor was full last. */
    private double full = Double.MAX_VALUE;
    /** In the last window. */
    private volatile long had;
    /** Windows in which nothing came. Belongs to who begins them. */
    private int idle;

    /** A thread that waits for its turn. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final int cost;
        private volatile boolean let;

        private Waiter(int cost) {
            this.cost = cost;
        }
    }

    void count(int cost) {
        counted.add(cost);
    }

    /** Begins another window. */
    long window() {
        had = counted.sumThenReset();
        idle = had == 0 ? idle + 1 : 0;
        return had;
    }

    /** Whether nothing has come for so many windows, and nothing waits. For who begins them. */
    boolean idle(int windows) {
        return idle >= windows && !narrow;
    }

    long had() {
        return had;
    }

    boolean narrow() {
        return narrow;
    }

    /** Whether anybody had to wait since it was last made as wide as it is. */
    boolean held() {
        lock.lock();
        try {
            return held || !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets through less than comes.
     *
     * @param came cost a second that came, which filled the processor
     * @param least cost a second that it lets through in any case
     */
    void begin(double came, double least, long now) {
        lock.lock();
        try {
            if (narrow) {
                return;
            }
            saved = 0;
            filledAt = now;
            narrow = true;
            wasFull(came);
            become(Math.min(came * FIRST, full * NARROWER), least);
        } finally {
            lock.unlock();
        }
    }

    /** The processor is full all the same. */
    void narrower(double least) {
        lock.lock();
        try {
            wasFull(width);
            become(width * NARROWER, least);
        } finally {
            lock.unlock();
        }
    }

    /** The processor has something left. */
    void wider(double least) {
        lock.lock();
        try {
            become(width * (width < full * NARROWER || width > full ? WIDER : SLIGHTLY_WIDER), least);
        } finally {
            lock.unlock();
        }
    }

    private void wasFull(double at) {
        full = Math.min(at, full * FORGET);
    }

    private void become(double wide, double least) {
        width = Math.max(least, wide);
        held = false;
    }

    /** Opens it, to those that wait as well. */
    void open() {
        lock.lock();
        try {
            narrow = false;
            while (!waiting.isEmpty()) {
                let(waiting.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets one through that need not wait. */
    boolean take(int cost) {
        lock.lock();
        try {
            return mayPass(cost);
        } finally {
            lock.unlock();
        }
    }

    private boolean mayPass(int cost) {
        if (!narrow) {
            return true;
        }
        if (!waiting.isEmpty() || saved < cost) {
            held = true;
            return false;
        }
        saved -= cost;
        return true;
    }

    /** @return false when it was not let through until then */
    boolean await(int cost, Time time, long untilNanos) {
        Waiter waiter = new Waiter(cost);
        lock.lock();
        try {
            if (mayPass(cost)) {
                return true;
            }
            if (waiting.size() >= MOST_WAITING) {
                return false;
            }
            waiting.addLast(waiter);
        } finally {
            lock.unlock();
        }
        while (!waiter.let) {
            long left = untilNanos - time.nanos();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return !gaveUp(waiter);
            }
            time.park(left);
        }
        return true;
    }

    private boolean gaveUp(Waiter waiter) {
        lock.lock();
        try {
            return waiting.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Lets those through whose turn it is. */
    void letOut(long now) {
        lock.lock();
        try {
            double most = Math.max(Lanes.COST_OTHER, width * SAVED_SECONDS);
            saved = Math.min(most, saved + width * (now - filledAt) / 1e9);
            filledAt = now;
            while (!waiting.isEmpty() && saved >= waiting.getFirst().cost) {
                Waiter next = waiting.removeFirst();
                saved -= next.cost;
                let(next);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void let(Waiter waiter) {
        waiter.let = true;
        LockSupport.unpark(waiter.thread);
    }
}

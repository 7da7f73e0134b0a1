package dev.holdfast.simulation.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs virtual threads on one carrier, the caller of {@link #run}. The seed picks which runnable thread goes on; when none can,
 * virtual time jumps to the next timer. So one seed is one interleaving, and a second takes as long as its events.
 *
 * <p>A thread gives way only where it blocks. Two things would make a run unrepeatable and are failures: a thread that is made
 * runnable from outside (the JDK's own pools), and a monitor that is held while its owner blocks (the JDK hands a contended
 * monitor on through a thread of its own). Locks that may be held across blocking calls are {@code ReentrantLock}s.
 *
 * <p>Confined to its carrier and the threads it runs.
 */
public final class Scheduler {
    private static final long MONITOR_PATIENCE_NANOS = 10_000_000_000L;

    private final SplittableRandom picks;
    private final Pace pace;
    private final long maxSteps;
    private final Digest digest = new Digest();
    private final Timers timers = new Timers();
    private final List<Fiber> runnable = new ArrayList<>();
    private final List<Fiber> started = new ArrayList<>();
    private long now;
    private long steps;
    private long forked;
    private int tidyAt = 1024;
    private @Nullable Thread carrier;
    private volatile @Nullable Fiber current;
    private @Nullable RunFailure failure;
    private volatile @Nullable Fiber intruded;
    private volatile @Nullable Fiber handed;
    private volatile boolean reporting;

    /** @param maxSteps a run that takes more is taken to hang */
    public Scheduler(SplittableRandom picks, Pace pace, long maxSteps) {
        this.picks = picks;
        this.pace = pace;
        this.maxSteps = maxSteps;
    }

    /**
     * Runs {@code main} and all that it forks until {@code main} ends.
     *
     * @throws RunFailure when the run cannot go on
     */
    public void run(Process process, Runnable main) {
        carrier = Thread.currentThread();
        Fiber root = fork(process, "main", main);
        while (!root.gone()) {
            step();
            refuseFailure();
        }
    }

    private void refuseFailure() {
        RunFailure failed = failure;
        if (failed != null) {
            throw failed;
        }
        Fiber fiber = intruded;
        if (fiber != null) {
            throw new RunFailure(
                    fiber + " was made runnable from outside the simulation: either work was given to one of the JDK's"
                            + " pools, or a monitor was held while its owner blocked; use a ReentrantLock. Threads:"
                            + stacks());
        }
    }

    private void step() {
        runDue();
        while (runnable.isEmpty() && failure == null) {
            Timer next = timers.peek();
            if (next == null) {
                throw new RunFailure(
                        "deadlock at " + now / 1_000_000 + " ms: no thread can go on; threads:" + stacks());
            }
            now = next.at();
            runDue();
        }
        if (failure != null) {
            return;
        }
        count();
        Fiber fiber = pick();
        if (fiber.process().dead()) {
            return;
        }
        if (fiber.process().paused(now)) {
            timers.add(fiber.process().pausedUntil(), fiber.process(), () -> runnable.add(fiber));
            return;
        }
        now += 1 + picks.nextInt(pace.stepNanos());
        if (pace.stallEvery() > 0 && picks.nextInt(pace.stallEvery()) == 0) {
            timers.add(now + 1 + picks.nextLong(pace.stallNanos()), fiber.process(), () -> runnable.add(fiber));
            return;
        }
        digest.add(fiber.id());
        digest.add(now);
        current = fiber;
        fiber.resume();
        awaitMonitor(fiber);
        current = null;
    }

    private void runDue() {
        for (Timer due = timers.due(now); due != null; due = timers.due(now)) {
            count();
            digest.add(now);
            try {
                due.run();
            } catch (RuntimeException thrown) {
                failure = new RunFailure("something in " + due.process().name() + " ended by " + thrown, thrown);
                return;
            }
        }
    }

    /**
     * A monitor of the JDK, such as that of a class loader, may be held by a thread of another world for a moment. The thread goes on
     * as soon as it has it, as if nobody had held it.
     */
    private void awaitMonitor(Fiber fiber) {
        if (!fiber.blocked() && handed != fiber) {
            return;
        }
        long patience = System.nanoTime() + MONITOR_PATIENCE_NANOS;
        while (fiber.blocked() || handed == fiber) {
            if (handed == fiber) {
                handed = null;
                fiber.resume();
            } else if (System.nanoTime() - patience > 0) {
                throw new RunFailure(fiber
                        + " waits for a monitor whose owner is blocked; use a ReentrantLock. Threads:" + stacks());
            } else {
                LockSupport.parkNanos(this, 100_000);
            }
        }
    }

    private void count() {
        if (++steps > maxSteps) {
            throw new RunFailure(
                    "no end after " + maxSteps + " steps, " + now / 1_000_000 + " ms; threads:" + stacks());
        }
    }

    private Fiber pick() {
        int last = runnable.size() - 1;
        boolean newest = pace.newestFirst() > 0 && picks.nextInt(256) < pace.newestFirst();
        int at = newest ? last : picks.nextInt(last + 1);
        Fiber picked = runnable.get(at);
        Fiber moved = runnable.removeLast();
        if (at < last) {
            runnable.set(at, moved);
        }
        return picked;
    }

    /** Called wherever a thread becomes runnable, on the thread that made it so. */
    void runnable(Fiber fiber) {
        Thread self = Thread.currentThread();
        Fiber running = current;
        if (self != carrier && (running == null || self != running.thread())) {
            if (running == fiber) {
                handed = fiber;
                return;
            }
            if (!reporting) {
                intruded = fiber;
            }
            return;
        }
        runnable.add(fiber);
    }

    Fiber fork(Process process, String name, Runnable task) {
        Fiber fiber = new Fiber(this, forked++, process);
        fiber.bind(VirtualThreads.unstarted(fiber, name, () -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                failure = new RunFailure(fiber + " ended by " + thrown, thrown);
            } finally {
                fiber.end();
            }
        }));
        remember(fiber);
        fiber.thread().start();
        return fiber;
    }

    /** The process that the calling thread belongs to. */
    public Process process() {
        return running().process();
    }

    private void remember(Fiber fiber) {
        if (started.size() >= tidyAt) {
            started.removeIf(Fiber::gone);
            timers.tidy();
            tidyAt = 2 * started.size() + 1024;
        }
        started.add(fiber);
    }

    /** Parks the calling thread until it is unparked or virtual time has moved by {@code nanos}. */
    void park(long nanos) {
        if (nanos <= 0) {
            return;
        }
        // Counted, since a thread that parks while interrupted never gives way.
        count();
        Fiber fiber = running();
        Timer timer = timers.add(now + nanos, fiber.process(), fiber);
        LockSupport.park(this);
        timer.cancel();
    }

    /**
     * Has something happen later, without a thread for it, which is many times cheaper. It must not block, and does not happen when
     * the process has died by then.
     */
    public Timer after(long nanos, Process process, Runnable task) {
        return timers.add(now + nanos, process, task);
    }

    Fiber running() {
        Fiber fiber = current;
        if (fiber == null || fiber.thread() != Thread.currentThread()) {
            throw new IllegalStateException(Thread.currentThread() + " does not belong to the simulation");
        }
        return fiber;
    }

    /** Virtual nanoseconds since the beginning. */
    public long now() {
        return now;
    }

    public long steps() {
        return steps;
    }

    /** To which whoever makes something happen adds it. */
    public Digest digest() {
        return digest;
    }

    private String stacks() {
        // Looking at a thread makes the JDK submit it anew, which must not start another report.
        reporting = true;
        StringBuilder out = new StringBuilder();
        for (Fiber fiber : started) {
            if (!fiber.gone()) {
                out.append(stack(fiber));
            }
        }
        return out.toString();
    }

    private static String stack(Fiber fiber) {
        StringBuilder out = new StringBuilder("\n  ").append(fiber);
        for (StackTraceElement frame : fiber.thread().getStackTrace()) {
            if (!frame.getClassName().startsWith("java.lang.")) {
                out.append("\n    at ").append(frame);
            }
        }
        return out.toString();
    }
}

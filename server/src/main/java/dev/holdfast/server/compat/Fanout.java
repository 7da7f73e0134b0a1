package dev.holdfast.server.compat;

import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Many small pieces of blocking work, a few at a time, on virtual threads. */
public final class Fanout {
    private Fanout() {}

    /**
     * Does {@code work} for each number from 0 to below {@code count}, and returns when no piece is under way any more.
     *
     * @param width how many at a time
     * @param work false, or throwing, begins no further piece
     */
    public static void each(int count, int width, Time time, IntPredicate work) {
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        String request = MDC.get("request");
        Runnable worker = () -> {
            MDC.put("request", request);
            while (!stopped.get()) {
                int i = next.getAndIncrement();
                if (i >= count) {
                    return;
                }
                try {
                    if (!work.test(i)) {
                        stopped.set(true);
                    }
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                    stopped.set(true);
                }
            }
        };
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(width, count); i++) {
            workers.add(time.fork("bulk-" + i, worker));
        }
        join(workers);
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    private static void join(List<Thread> workers) {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    // The pieces under way belong to the answer: it must not say less than what was done.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

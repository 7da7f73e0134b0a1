package dev.holdfast.engine.time;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that goes on for as long as its owner is open, one step after another. A step that fails is logged, and the next comes. */
public final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final long AFTER_FAILURE_NANOS = 1_000_000_000L;

    /** A step of the work. */
    @FunctionalInterface
    public interface Step {
        /** @return how long to rest before the next step, in nanoseconds */
        long run() throws InterruptedException;
    }

    private Background() {}

    /** Starts a thread that runs steps until it is interrupted. */
    public static Thread start(Time time, String name, Step step) {
        return time.fork(name, () -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    time.sleep(rest(name, step));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    /** Interrupts threads and returns once they have ended, or the caller is interrupted too. */
    public static void end(Collection<Thread> threads) {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same for one thread, if there is one. */
    public static void end(@Nullable Thread thread) {
        if (thread != null) {
            end(List.of(thread));
        }
    }

    private static long rest(String name, Step step) throws InterruptedException {
        try {
            return step.run();
        } catch (RuntimeException defect) {
            LOG.error("a step of {} failed; it goes on in a second", name, defect);
            return AFTER_FAILURE_NANOS;
        }
    }
}

package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes several requests at a time for one caller. */
final class Crew {
    /** At most so many at a time. */
    static final int WIDTH = 16;

    private final Time time;

    Crew(Time time) {
        this.time = time;
    }

    /** A request for one of the things. */
    @FunctionalInterface
    interface Request<T> {
        void make(T thing) throws ProviderFault;
    }

    /**
     * Makes the request for each thing and returns once all are made. After a failure no more are begun, and the first failure is
     * thrown. When the caller is interrupted, so are the requests.
     */
    <T> void forEach(List<T> things, Request<T> request) throws ProviderFault {
        if (things.size() <= 1) {
            for (T thing : things) {
                request.make(thing);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable ProviderFault> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(WIDTH, things.size()); i++) {
            threads.add(time.fork("s3-crew", () -> {
                int mine;
                while (failure.get() == null && (mine = next.getAndIncrement()) < things.size()) {
                    try {
                        request.make(things.get(mine));
                    } catch (ProviderFault e) {
                        failure.compareAndSet(null, e);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(
                                null,
                                new ProviderFault(FaultKind.UNAVAILABLE, "a request failed: " + e.getMessage(), e));
                    }
                }
            }));
        }
        join(threads);
        ProviderFault first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private static void join(List<Thread> threads) throws ProviderFault {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, "given up while requests were under way", e);
        }
    }
}

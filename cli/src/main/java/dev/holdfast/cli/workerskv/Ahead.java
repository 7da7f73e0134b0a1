package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Failure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks a few at once, and hands over what they come to in their order: no more is held than those few give. Used by one thread. */
final class Ahead<T> implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Future<T>> running = new ArrayDeque<>();
    private final Iterator<? extends Callable<T>> tasks;
    private final int atOnce;

    Ahead(List<? extends Callable<T>> tasks, int atOnce) {
        this.tasks = tasks.iterator();
        this.atOnce = atOnce;
    }

    /** What the next task comes to. */
    T next() throws InterruptedException {
        while (running.size() < atOnce && tasks.hasNext()) {
            running.add(threads.submit(tasks.next()));
        }
        try {
            return running.remove().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}

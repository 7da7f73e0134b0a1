package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes superseded objects, a grace after they were found to be. Nothing is lost when it does not come to it, for want of room in its queue or
 * because the process ends: whoever next writes, reads or lists the key finds them again. Since names never come back, a delete
 * is right however late it is.
 *
 * <p>Thread-safe.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int MOST = 10_000;
    private static final int TOGETHER = 256;

    private record Doomed(String object, long at) {}

    private final Bucket bucket;
    private final Crew crew;
    private final Time time;
    private final long graceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Doomed> queue = new ArrayDeque<>();
    private final Set<String> queued = new HashSet<>();
    private @Nullable Thread sweeping;
    private boolean closed;

    Sweeper(Bucket bucket, Crew crew, Time time, long graceNanos) {
        this.bucket = bucket;
        this.crew = crew;
        this.time = time;
        this.graceNanos = graceNanos;
    }

    void later(List<String> superseded) {
        if (superseded.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            long at = time.nanos() + graceNanos;
            for (String object : superseded) {
                if (queue.size() < MOST && queued.add(object)) {
                    queue.add(new Doomed(object, at));
                }
            }
            if (sweeping == null && !closed && !queue.isEmpty()) {
                sweeping = time.fork("s3-sweep", this::sweep);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Until there is nothing left to sweep. */
    private void sweep() {
        try {
            for (List<String> batch = next(); !batch.isEmpty(); batch = next()) {
                try {
                    crew.forEach(batch, bucket::delete);
                } catch (ProviderFault e) {
                    LOG.debug("superseded objects are left for later: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for those that are due; empty when there are none, and then this thread is no longer the one that sweeps. */
    private List<String> next() throws InterruptedException {
        while (true) {
            long rest;
            lock.lock();
            try {
                Doomed first = queue.peek();
                if (first == null || closed) {
                    sweeping = null;
                    return List.of();
                }
                rest = first.at - time.nanos();
                if (rest <= 0) {
                    return due();
                }
            } finally {
                lock.unlock();
            }
            time.sleep(rest);
        }
    }

    private List<String> due() {
        List<String> batch = new ArrayList<>();
        long now = time.nanos();
        for (Doomed first = queue.peek();
                first != null && first.at - now <= 0 && batch.size() < TOGETHER;
                first = queue.peek()) {
            queue.remove();
            queued.remove(first.object);
            batch.add(first.object);
        }
        return batch;
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = sweeping;
        } finally {
            lock.unlock();
        }
        Background.end(running);
    }
}

package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Deletes all keys with a prefix, a page of the listing at a time and a few keys of it at once, so that memory and load are the
 * same for ten keys and for a million. It only goes forward: keys written behind it while it runs stay.
 *
 * <p>One run, by one thread.
 */
final class PrefixDelete {
    private static final int SAMPLE = 10;
    /** Deletes under way at once: enough for group commit to pay, few enough to leave room for others. */
    private static final int AT_ONCE = 64;
    /** Refused deletes after which it stops: the store is in no state to delete. */
    private static final int MOST_FAILURES = 100;

    private final Store store;
    private final Namespace namespace;
    private final byte[] prefix;
    private final boolean dryRun;
    private final List<Key> sample = new ArrayList<>();
    private long matched;
    private long deleted;
    private long failed;

    PrefixDelete(Store store, Namespace namespace, byte[] prefix, boolean dryRun) {
        this.store = store;
        this.namespace = namespace;
        this.prefix = prefix;
        this.dryRun = dryRun;
    }

    /** @return null when it came to the end; otherwise why it stopped before */
    @Nullable
    String run() {
        Key after = null;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            do {
                switch (store.list(namespace.id(), prefix, after, Limits.LIST_PAGE)) {
                    case Listing.Unavailable unavailable -> {
                        return unavailable.why().sentence();
                    }
                    case Listing.Keys page -> {
                        String stopped = page(page.keys(), threads);
                        if (stopped != null) {
                            return stopped;
                        }
                        after = page.next();
                    }
                }
            } while (after != null);
            return null;
        }
    }

    private @Nullable String page(List<Listed> keys, ExecutorService threads) {
        matched += keys.size();
        for (Listed listed : keys) {
            if (sample.size() < SAMPLE) {
                sample.add(listed.key());
            }
        }
        if (dryRun) {
            return null;
        }
        Semaphore room = new Semaphore(AT_ONCE);
        List<Future<Written>> under = new ArrayList<>(keys.size());
        for (Listed listed : keys) {
            Callable<Written> delete = () -> {
                room.acquire();
                try {
                    return store.delete(namespace, listed.key(), Condition.NONE);
                } finally {
                    room.release();
                }
            };
            under.add(threads.submit(delete));
        }
        return settle(under);
    }

    private @Nullable String settle(List<Future<Written>> under) {
        String trouble = null;
        for (Future<Written> one : under) {
            try {
                switch (one.get()) {
                    case Written.Acknowledged _ -> deleted++;
                    case Written.ConditionFailed _ -> throw new AssertionError("there was no condition");
                    case Written.Refused refused -> {
                        failed++;
                        trouble = refused.why().sentence();
                    }
                    case Written.Unknown unknown -> {
                        failed++;
                        trouble = unknown.why().sentence();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "The server is stopping.";
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return failed >= MOST_FAILURES ? trouble : null;
    }

    long matched() {
        return matched;
    }

    long deleted() {
        return deleted;
    }

    long failed() {
        return failed;
    }

    /** The first names that matched. */
    List<Key> sample() {
        return sample;
    }
}

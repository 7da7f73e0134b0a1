package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.backup.RestoreResult.Fate;
import dev.holdfast.server.compat.Fanout;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what a namespace held and what it holds now, side by side in the order of keys, and has every key that differs hold what it held.
 * A few at a time are in memory. Used by one thread.
 */
final class Restore {
    private static final int WIDTH = 32;
    private static final int BATCH = 512;
    /** Keys that the store does not take after which it stops: it is in no state to be restored. */
    private static final int MOST_FAILURES = 100;

    private static final long BATCH_BYTES = 16L << 20;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Store store;
    private final Wish wish;
    private final PutBack putBack;
    private final Requirement undisturbed;
    private final Time time;
    private final RestoreResult result;
    private final Progress progress;
    private final Deque<Listed> page = new ArrayDeque<>();
    private final List<Todo> todo = new ArrayList<>();
    private volatile boolean stopped;
    private boolean begun;
    private @Nullable Key next;
    private long bytes;

    /** What has to hold before more is written. */
    interface Requirement {
        /** @throws IOException why it does not */
        void check() throws IOException;
    }

    private record Todo(
            Key key, @Nullable Record target, @Nullable Head listed) {}

    /**
     * @param reading not the near one
     * @param writing the near one
     * @param undisturbed nobody writes at versions of long ago
     */
    Restore(
            Store reading,
            Store writing,
            Wish wish,
            Version began,
            Requirement undisturbed,
            Time time,
            RestoreResult result,
            Progress progress) {
        this.store = reading;
        this.wish = wish;
        this.putBack = new PutBack(reading, writing, wish.into(), began, wish.dryRun(), time, result);
        this.undisturbed = undisturbed;
        this.time = time;
        this.result = result;
        this.progress = progress;
    }

    /** Ends it soon; what is restored by then stays so. */
    void stop() {
        putBack.stop();
        stopped = true;
    }

    /** @throws IOException when the past or the present cannot be read on; what is restored by then stays so */
    void run(Past past) throws IOException, InterruptedException {
        Line then = past.next();
        Listed now = present();
        while (then != null || now != null) {
            int order = then == null ? 1 : now == null ? -1 : then.key().compareTo(now.key());
            if (order < 0) {
                one(then, null);
                then = past.next();
            } else if (order > 0) {
                madeSince(now);
                now = present();
            } else {
                one(then, now);
                then = past.next();
                now = present();
            }
            progress.add(1);
            if (todo.size() >= BATCH || bytes >= BATCH_BYTES) {
                settle();
            }
        }
        settle();
    }

    private void madeSince(@Nullable Listed now) {
        // Another namespace had no such keys when the restore began: what is there now somebody has written since.
        if (now != null && wish.elsewhere()) {
            result.count(Fate.WRITTEN_MEANWHILE, now.key());
        } else if (now != null) {
            todo.add(new Todo(now.key(), null, now.head()));
        }
    }

    private void one(@Nullable Line then, @Nullable Listed now) {
        if (then == null) {
            return;
        }
        Key key = then.key();
        Record record = then.record();
        Head listed = now == null ? null : now.head();
        if (listed != null && listed.version().equals(then.version())) {
            result.count(Fate.EQUAL, key);
        } else if (record == null) {
            result.count(Fate.NOT_IN_ARCHIVE, key);
        } else if (record.alive(wish.to()) && record.alive(time.wallMillis())) {
            todo.add(new Todo(key, record, listed));
            bytes += record.value().length;
        } else if (listed != null) {
            madeSince(now);
        } else if (record.alive(wish.to())) {
            result.count(Fate.EXPIRED_SINCE, key);
        }
    }

    private void settle() throws IOException, InterruptedException {
        if (!todo.isEmpty()) {
            undisturbed.check();
        }
        Fanout.each(todo.size(), WIDTH, time, i -> {
            Todo each = todo.get(i);
            putBack.settle(each.key(), each.target(), each.listed());
            return result.count(Fate.FAILED) < MOST_FAILURES;
        });
        todo.clear();
        bytes = 0;
        if (result.count(Fate.FAILED) >= MOST_FAILURES) {
            throw new IOException("the store takes no writes: " + result.lastFailure());
        }
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
    }

    private @Nullable Listed present() throws IOException, InterruptedException {
        while (page.isEmpty() && (!begun || next != null)) {
            Listing.Keys keys = list();
            page.addAll(keys.keys());
            next = keys.next();
            begun = true;
        }
        return page.poll();
    }

    private Listing.Keys list() throws IOException, InterruptedException {
        long until = time.nanos() + PATIENCE_NANOS;
        while (true) {
            switch (store.list(wish.into().id(), wish.prefixBytes(), next, Limits.LIST_PAGE)) {
                case Listing.Keys keys -> {
                    return keys;
                }
                case Listing.Unavailable unavailable -> {
                    if (time.nanos() - until >= 0) {
                        throw new IOException("the keys there are now cannot be listed: "
                                + unavailable.why().sentence());
                    }
                    time.sleep(PAUSE_NANOS);
                }
            }
        }
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.FeedEntry.Fate;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How far the changes of the running epoch may be told: up to the first of which it is not known yet whether it stands. Keeps the
 * newest of them in memory, so that readers who keep up never touch the disk, and take no lock.
 *
 * <p>Thread-safe. Its lock is never held while the disk is waited for.
 */
final class FeedOrder {
    private static final int TAIL = 1 << 13;
    private static final long REST_NANOS = 1_000_000;
    private static final long REST_EACH_NANOS = 20_000;
    private static final long LONGEST_REST_NANOS = 20_000_000;

    private final Time time;
    private final long epoch;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<FeedEntry> open = new ArrayDeque<>();
    private final AtomicReferenceArray<@Nullable FeedEntry> tail = new AtomicReferenceArray<>(TAIL);
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final Signal advanced;
    private volatile Position floor;
    private volatile long begun;
    private volatile long settled;
    private int changing;
    private boolean closed;

    /** @param floor nothing before it can be told */
    FeedOrder(Time time, long epoch, Position floor) {
        this.time = time;
        this.epoch = epoch;
        this.floor = floor;
        this.advanced = new Signal(time);
    }

    FeedEntry begin(Feed feed, KeyRef ref, Record record) throws LocalStoreFault {
        lock.lock();
        try {
            refuseWhenClosed();
            FeedEntry entry = new FeedEntry(feed, new Position(epoch, begun + 1), ref, record);
            open.add(entry);
            begun = entry.at().sequence();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** A provider is about to be changed, which will be published afterwards. */
    void beginChanging() throws LocalStoreFault {
        lock.lock();
        try {
            refuseWhenClosed();
            changing++;
        } finally {
            lock.unlock();
        }
    }

    void endChanging() {
        lock.lock();
        try {
            changing--;
        } finally {
            lock.unlock();
        }
    }

    private void refuseWhenClosed() throws LocalStoreFault {
        if (closed) {
            throw new LocalStoreFault("the node is stopping", false, null);
        }
    }

    /** @return whether all that was begun has ended, so that the log tells everything */
    boolean close() {
        lock.lock();
        try {
            closed = true;
            return open.isEmpty() && changing == 0;
        } finally {
            lock.unlock();
        }
    }

    void settle(FeedEntry entry, Fate fate) {
        long before = settled;
        lock.lock();
        try {
            entry.become(fate);
            if (open.size() > TAIL) {
                // Somebody ahead is waited for: what piles up behind is read from the disk then.
                entry.forget();
            }
            advance();
        } finally {
            lock.unlock();
        }
        if (settled != before) {
            wakeReaders();
        }
    }

    private void advance() {
        long upTo = settled;
        for (FeedEntry head = open.peek(); head != null && !head.pending(); head = open.peek()) {
            open.remove();
            upTo = head.at().sequence();
            tail.set(slot(upTo), head);
            if (head.lost()) {
                raise(new Position(epoch, upTo + 1));
            }
        }
        settled = upTo;
    }

    private static int slot(long sequence) {
        return (int) (sequence & (TAIL - 1));
    }

    /** The last sequence number given out. */
    long begun() {
        return begun;
    }

    /** Up to this sequence number all can be told. */
    long settled() {
        return settled;
    }

    Position floor() {
        return floor;
    }

    /** Whether what came right after the position cannot be told any more. */
    boolean beyond(Position after) {
        Position least = floor;
        return after.epoch() < least.epoch()
                || (after.epoch() == least.epoch() && after.sequence() < least.sequence() - 1);
    }

    /** Nothing before {@code least} is told from now on. */
    void raiseFloor(Position least) {
        lock.lock();
        try {
            raise(least);
        } finally {
            lock.unlock();
        }
    }

    private void raise(Position least) {
        if (least.compareTo(floor) > 0) {
            floor = least;
        }
    }

    /** Changes from memory after {@code after} and up to {@code upTo}; null when it does not go back so far. */
    @Nullable
    List<Change> tail(long after, long upTo, int limit) {
        if (upTo - after > TAIL) {
            return null;
        }
        List<Change> found = new ArrayList<>();
        for (long sequence = after + 1; sequence <= upTo && found.size() < limit; sequence++) {
            FeedEntry entry = tail.get(slot(sequence));
            if (entry == null || entry.at().sequence() != sequence || entry.forgotten()) {
                return null;
            }
            if (entry.told()) {
                found.add(entry.change());
            }
        }
        return found;
    }

    /** Waits until something after {@code sequence} can be told. */
    boolean awaitAfter(long sequence, long nanos) throws InterruptedException {
        if (settled > sequence || nanos <= 0) {
            return settled > sequence;
        }
        readers.incrementAndGet();
        try {
            return advanced.await(time.nanos() + nanos, () -> settled > sequence);
        } finally {
            readers.decrementAndGet();
        }
    }

    /**
     * On a thread of its own, since there may be hundreds of them, and a writer is not to wait for that. Changes that come thick and
     * fast are told a few at a time.
     */
    private void wakeReaders() {
        if (readers.get() > 0 && waking.compareAndSet(false, true)) {
            time.fork("feed-wake", this::wake);
        }
    }

    private void wake() {
        long told;
        do {
            told = settled;
            advanced.wake();
            try {
                time.sleep(Math.min(LONGEST_REST_NANOS, REST_NANOS + readers.get() * REST_EACH_NANOS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            waking.set(false);
        } while (settled != told && readers.get() > 0 && waking.compareAndSet(false, true));
    }
}

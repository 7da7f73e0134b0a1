package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.FeedEntry.Fate;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of changes that this node has made to providers, in order (DESIGN rule 20). The entry of a write becomes durable in the
 * same sync as its hints and before the write is acknowledged; it is told once it is known what came of the write.
 *
 * <p>An epoch is one run of the node. One that did not end in order is a gap: what was under way then may have happened without an
 * entry, or not have happened although there is one. The log keeps the newest {@code retained} entries. Thread-safe.
 */
final class Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int EPOCHS_KEPT = 16;
    private static final int CHANCE_BITS = 20;

    private final FeedLog log;
    private final FeedOrder order;
    private final long epoch;
    private final long retained;
    /** A lock and no monitor, since it is held while the disk is waited for. */
    private final ReentrantLock cutting = new ReentrantLock();

    private Position cut;

    private Feed(FeedLog log, FeedOrder order, long epoch, long retained) {
        this.log = log;
        this.order = order;
        this.epoch = epoch;
        this.retained = retained;
        this.cut = order.floor();
    }

    /** Begins an epoch. */
    static Feed open(LocalStore local, Time time, long retained) throws LocalStoreFault {
        FeedLog log = new FeedLog(local);
        long last = log.lastEpoch();
        long epoch = last > 0 ? last + 1 : first(time);
        log.keepEpoch(epoch);
        return new Feed(log, new FeedOrder(time, epoch, log.floor()), epoch, retained);
    }

    /**
     * From the clock, so that a node that has lost its disk does not go through its numbers again: positions of readers would seem to be
     * known. And from chance, since the clock may have been set back to the very millisecond.
     */
    private static long first(Time time) {
        return Math.max(1, time.wallMillis()) << CHANCE_BITS | time.random().nextInt(1 << CHANCE_BITS);
    }

    /**
     * Gives a change its place in the order, before any provider is asked to make it.
     *
     * @throws LocalStoreFault when the node is stopping
     */
    FeedEntry begin(KeyRef ref, Record record) throws LocalStoreFault {
        return order.begin(this, ref, record);
    }

    /** Adds the entry of a change to the batch that will make it durable. */
    void append(Batch batch, FeedEntry entry) {
        log.put(batch, entry);
    }

    void settle(FeedEntry entry, Fate fate) {
        order.settle(entry, fate == Fate.STANDS || corrected(entry, fate) ? fate : Fate.LOST);
    }

    /** The log must not say of a write that failed what it says of one that stands, before anybody may read of it. */
    private boolean corrected(FeedEntry entry, Fate fate) {
        try {
            if (fate == Fate.NEVER) {
                log.remove(entry);
            } else {
                log.blank(entry);
            }
            return true;
        } catch (LocalStoreFault fault) {
            // Each write would say so while the disk fails, and its own answer does.
            LOG.debug(
                    "entry {} of the feed's log is a gap, since this node's disk fails: {}",
                    entry.at(),
                    fault.getMessage());
            return false;
        }
    }

    /**
     * Has to be open while a provider is changed otherwise than by a write, until the change is published: who repairs need not hold
     * up all readers until a slow provider has answered.
     *
     * @throws LocalStoreFault when the node is stopping
     */
    Changing changing() throws LocalStoreFault {
        order.beginChanging();
        return order::endChanging;
    }

    /** Closed when the change is published. */
    interface Changing extends AutoCloseable {
        @Override
        void close();
    }

    /** Forgets what is older than the newest {@code retained} entries; entries of earlier epochs count as older. */
    void trim() throws LocalStoreFault {
        cutting.lock();
        try {
            long keepFrom = order.settled() - retained;
            if (keepFrom > 0) {
                order.raiseFloor(new Position(epoch, keepFrom));
            } else if (log.oldestEpoch(epoch) < epoch - EPOCHS_KEPT) {
                order.raiseFloor(new Position(epoch - EPOCHS_KEPT, 0));
            }
            // Readers are told of the gap before there is one.
            Position floor = order.floor();
            if (!floor.equals(cut)) {
                log.cut(floor);
                cut = floor;
            }
        } finally {
            cutting.unlock();
        }
    }

    /** Whether the log has anything of such a namespace from before this epoch. */
    boolean anyEarlier(Predicate<NamespaceId> wanted) throws LocalStoreFault {
        return log.any(epoch, wanted);
    }

    /** Erases what the log has from before this epoch; who has not read it yet is told of a gap. */
    void forgetEarlier() throws LocalStoreFault {
        cutting.lock();
        try {
            order.raiseFloor(new Position(epoch, 0));
            Position floor = order.floor();
            log.cut(floor);
            cut = floor;
        } finally {
            cutting.unlock();
        }
    }

    /** Ends the epoch: in order, if nothing is under way any more. What would begin afterwards is refused. */
    void close() {
        if (!order.close()) {
            LOG.warn("changes are under way while the node stops: readers of its feed will be told of a gap");
            return;
        }
        try {
            log.end(newest(), order.floor());
        } catch (LocalStoreFault fault) {
            LOG.warn("the feed's log has not ended in order, since this node's disk fails: {}", fault.getMessage());
        }
    }

    Position newest() {
        return new Position(epoch, order.settled());
    }

    /** The last number given out: an acknowledged change has one that is not greater. */
    Position begun() {
        return new Position(epoch, order.begun());
    }

    /**
     * What the log has from before this epoch, whether or not it is known what came of it; null when some of it was cut off, or cannot be
     * read.
     */
    @Nullable
    List<ChangeLog.Change> unsettled(Position after, int limit) {
        if (after.epoch() >= epoch || after.epoch() < epoch - EPOCHS_KEPT) {
            return null;
        }
        try {
            List<ChangeLog.Change> found = log.unsettled(after, new Position(epoch, 0), limit);
            // Last, so that what was cut off meanwhile is noticed.
            return order.beyond(after) ? null : found;
        } catch (LocalStoreFault fault) {
            LOG.warn("the feed's log cannot be read: {}", fault.getMessage());
            return null;
        }
    }

    Page read(Position after, int limit, long waitNanos) throws InterruptedException {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit of " + limit);
        }
        try {
            if (after.epoch() < epoch) {
                return earlier(after, limit, waitNanos);
            }
            return present(after, limit, waitNanos);
        } catch (LocalStoreFault fault) {
            return gap("The node's disk fails: " + fault.getMessage());
        }
    }

    private Page earlier(Position after, int limit, long waitNanos) throws LocalStoreFault, InterruptedException {
        // From before a disk was lost it may be billions of epochs, each of which would be looked for.
        if (after.epoch() < epoch - EPOCHS_KEPT) {
            return tooOld();
        }
        FeedLog.Earlier earlier = log.earlier(after, epoch, limit);
        if (order.beyond(after)) {
            return tooOld();
        }
        if (!earlier.changes().isEmpty()) {
            return new Page.Changes(earlier.changes(), earlier.next());
        }
        if (earlier.broken()) {
            return gap("The node did not stop in order: what was under way then is not known.");
        }
        return read(earlier.next(), limit, waitNanos);
    }

    private Page present(Position after, int limit, long waitNanos) throws LocalStoreFault, InterruptedException {
        if (after.epoch() > epoch || after.sequence() > order.begun()) {
            return gap("The node knows of no such position. It may have lost its disk.");
        }
        boolean news = order.awaitAfter(after.sequence(), waitNanos);
        Position upTo = newest();
        if (!news) {
            return new Page.Changes(List.of(), after);
        }
        List<ChangeLog.Change> found = order.tail(after.sequence(), upTo.sequence(), limit);
        if (found == null) {
            found = log.page(after, upTo, limit);
        }
        // Last, so that what was cut off meanwhile is noticed.
        if (order.beyond(after)) {
            return tooOld();
        }
        return new Page.Changes(
                found, found.size() < limit ? upTo : found.getLast().at());
    }

    private Page tooOld() {
        return gap("What came then is not kept any more, or could not be.");
    }

    private Page gap(String why) {
        return new Page.Gap(newest(), why);
    }
}

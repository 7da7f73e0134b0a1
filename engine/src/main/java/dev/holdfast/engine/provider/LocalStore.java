package dev.holdfast.engine.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's own durable state: hints, the feed's log, marks, clock reservation, catalogue, gates, timeline. A small ordered
 * map of byte strings in named tables, on RocksDB in production and on a disk that can crash, tear and lie in simulation.
 *
 * <p>Thread-safe. Keys are ordered as unsigned bytes within their table.
 */
public interface LocalStore extends AutoCloseable {

    /** How many entries {@link #forEach} has in memory. */
    int PAGE = 256;

    /** The tables; each has one owner. */
    enum Table {
        /** Small facts: clock reservation, identities of providers, epochs, settings. */
        NODE,
        /** Hints by provider, namespace and key. */
        HINTS,
        /** The feed's log by epoch and sequence. */
        FEED,
        /** The catalogue's entries by name. */
        CATALOGUE,
        /** Damaged, future and removed nodes' records, set aside for people to look at. */
        QUARANTINE,
        /** What the near cache keeps on disk, by namespace and key. */
        CACHE,
        /** The same keys in the order in which they came. */
        CACHE_ORDER,
        /** The copies of pinned namespaces, by namespace and key; by the namespace alone what is true of its whole copy. */
        PINNED,
        /** Incidents, their timelines and figures; see {@code IncidentLog}. */
        INCIDENTS
    }

    /** What a disk did not do. The node stops acknowledging what leans on it. */
    final class LocalStoreFault extends Exception {
        private static final long serialVersionUID = 1;
        private final String what;
        private final boolean full;

        public LocalStoreFault(String what, boolean full, @Nullable Throwable cause) {
            super(what, cause, false, false);
            this.what = what;
            this.full = full;
        }

        @Override
        public String getMessage() {
            return what;
        }

        /** Whether the disk had no room; otherwise it failed. */
        public boolean full() {
            return full;
        }
    }

    /** Several changes that become durable together or not at all. Not thread-safe. */
    final class Batch {
        /** @param value null to delete */
        public record Change(Table table, byte[] key, byte @Nullable [] value) {}

        private final List<Change> changes = new ArrayList<>();

        public Batch put(Table table, byte[] key, byte[] value) {
            changes.add(new Change(table, key, value));
            return this;
        }

        public Batch delete(Table table, byte[] key) {
            changes.add(new Change(table, key, null));
            return this;
        }

        public List<Change> changes() {
            return changes;
        }
    }

    /** One entry of a scan. */
    record Entry(byte[] key, byte[] value) {}

    /** A batch on its way to the disk. */
    interface Commit {
        /**
         * Returns once the batch is on disk. For the thread that queued it; for another one only after it has waited for a commit
         * that was queued later.
         */
        void await() throws LocalStoreFault;
    }

    /**
     * Queues the batch. Batches become durable in the order in which they are queued, those that wait sharing one sync (group
     * commit). Blocks only while the queue is full.
     */
    Commit queue(Batch batch);

    /** Applies the batch and returns once it is on disk. */
    default void commit(Batch batch) throws LocalStoreFault {
        queue(batch).await();
    }

    byte @Nullable [] get(Table table, byte[] key) throws LocalStoreFault;

    /**
     * Entries in key order from {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param to null for the end of the table
     * @param limit at most so many
     */
    List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) throws LocalStoreFault;

    /** Passes the same entries one by one, however many, of which a few hundred are in memory at a time. */
    default void forEach(Table table, byte[] from, byte @Nullable [] to, Consumer<Entry> each) throws LocalStoreFault {
        byte[] at = from;
        while (true) {
            List<Entry> page = scan(table, at, to, PAGE);
            page.forEach(each);
            if (page.size() < PAGE) {
                return;
            }
            byte[] last = page.getLast().key();
            at = Arrays.copyOf(last, last.length + 1);
        }
    }

    /** Deletes all keys from {@code from} (inclusive) to {@code to} (exclusive), durably. */
    void deleteRange(Table table, byte[] from, byte[] to) throws LocalStoreFault;

    /** Room left on the disk in bytes. */
    long freeBytes();

    /** Which disk this is, to tell whether a hint is a home of its own. */
    FailureDomain failureDomain();

    @Override
    void close();
}

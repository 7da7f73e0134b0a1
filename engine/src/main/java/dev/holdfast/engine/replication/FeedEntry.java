package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Position;
import org.jspecify.annotations.Nullable;

/**
 * One change on its way into the feed. Readers hear of nothing after it until it is known what came of it, so whoever has begun it
 * says that soon, or closes it.
 *
 * <p>Saying what came of it belongs to one thread; the rest is the feed's.
 */
final class FeedEntry implements AutoCloseable {
    /** Larger values are not repeated in the log: a reader of the feed asks the store for them. */
    static final int INLINE_BYTES = 1024;

    /** What came of a change. */
    enum Fate {
        PENDING,
        /** It happened. */
        STANDS,
        /** It may have happened, or may yet. */
        UNKNOWN,
        /** It has not happened and will not. */
        NEVER,
        /** The log does not say what it should, since the disk failed: readers are told of a gap. */
        LOST
    }

    private final Feed feed;
    private final Position at;
    private final KeyRef ref;
    private final Version version;
    private @Nullable Record record;
    private Fate fate = Fate.PENDING;
    private boolean forgotten;

    FeedEntry(Feed feed, Position at, KeyRef ref, Record record) {
        this.feed = feed;
        this.at = at;
        this.ref = ref;
        this.version = record.version();
        this.record = record.value().length <= INLINE_BYTES ? record : null;
    }

    Position at() {
        return at;
    }

    KeyRef ref() {
        return ref;
    }

    Version version() {
        return version;
    }

    /** The content, if it is small enough for the log; null when it is not, or was forgotten. */
    @Nullable
    Record record() {
        return record;
    }

    /** It happened, and the log says so durably. */
    void stands() {
        feed.settle(this, Fate.STANDS);
    }

    /** It has not happened and will not: nobody may hear of it. */
    void never() {
        feed.settle(this, Fate.NEVER);
    }

    /** Nothing is known for certain: readers hear of the key, and not of the value. */
    void unknown() {
        feed.settle(this, Fate.UNKNOWN);
    }

    /** Whoever leaves without a word does not know. */
    @Override
    public void close() {
        if (fate == Fate.PENDING) {
            unknown();
        }
    }

    /** For the feed's order, under its lock. */
    void become(Fate known) {
        fate = known;
    }

    boolean pending() {
        return fate == Fate.PENDING;
    }

    boolean lost() {
        return fate == Fate.LOST;
    }

    /** Gives up the memory for the content; it is in the log. */
    void forget() {
        forgotten = record != null;
        record = null;
    }

    boolean forgotten() {
        return forgotten;
    }

    /** Whether readers hear of the key. */
    boolean told() {
        return fate == Fate.STANDS || fate == Fate.UNKNOWN;
    }

    /** Whether readers hear of the content. */
    private boolean known() {
        return fate == Fate.STANDS;
    }

    ChangeLog.Change change() {
        return new ChangeLog.Change(at, ref.namespace(), ref.key(), version, known() ? record : null);
    }
}

package dev.holdfast.server.backup;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How archiving goes, for those who look. Thread-safe. */
final class ArchiveStatus {
    private final AtomicLong missed = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private volatile long through;
    private volatile long marked;
    private volatile long coveredFrom;
    private volatile boolean asked;
    private volatile long gapAt;
    private volatile @Nullable String problem;

    void well() {
        problem = null;
    }

    /** @return whether that is news */
    boolean failed(String why) {
        boolean news = problem == null;
        problem = why;
        return news;
    }

    void archived(ArchiveFile file) {
        through = file.durable();
        marked = file.marked();
        coveredFrom = file.coveredFrom();
    }

    /** Has a mark written that says how far the archive is, though nothing may have happened. */
    void ask() {
        asked = true;
    }

    /** Whether somebody has asked since this was last asked. */
    boolean asked() {
        boolean was = asked;
        asked = false;
        return was;
    }

    /** Up to when marks in the file say that all is there. */
    long marked() {
        return marked;
    }

    /** Since when the archive has no gap, if that began with this process; 0 otherwise. */
    long coveredFrom() {
        return coveredFrom;
    }

    void missed() {
        missed.incrementAndGet();
    }

    void gap(long millis) {
        gaps.incrementAndGet();
        gapAt = millis;
    }

    /** Why nothing is archived now; null while it is. */
    @Nullable
    String problem() {
        return problem;
    }

    /** All that was acknowledged before is durable in the archive; milliseconds since the Unix epoch, 0 for not yet. */
    long through() {
        return through;
    }

    /** When the last gap was written since the start; 0 for never. */
    long gapAt() {
        return gapAt;
    }

    long missedCount() {
        return missed.get();
    }

    long gapCount() {
        return gaps.get();
    }
}

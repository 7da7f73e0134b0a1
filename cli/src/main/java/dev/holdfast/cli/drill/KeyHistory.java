package dev.holdfast.cli.drill;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one key may answer. It is written by one worker at a time, with rising sequence numbers, and read by any number.
 *
 * <p>Versions decide. An acknowledged write publishes its version; so does an answer that was given. A read that begins
 * after that must answer at least that version. This is sharper than sequence numbers alone: a write that failed or was
 * never answered ("in doubt") may come true late, after later writes, but then with a newer version than theirs; with an
 * older one it is a stale answer. Thread-safe.
 */
final class KeyHistory {
    /** Older than any version: nothing is published yet. */
    private static final Published NOTHING = new Published(-1, 0, false);

    /**
     * What a read may answer at the least.
     *
     * @param sequence below 0 for nothing
     * @param acknowledged whether its writer was told so, or only a reader saw it
     */
    record Published(long sequence, long version, boolean acknowledged) {}

    /** Why an answer is wrong. */
    enum Wrong {
        /** Older than what was acknowledged before the read began. */
        STALE,
        /** Older than what an earlier read has answered, of a write that was not acknowledged yet. */
        WENT_BACK,
        /** That there is no such key, although a write of it was known before the read began. */
        ABSENT,
        /** Not what any write can have left: altered bytes, another key's value, or a write that was refused. */
        INVENTED
    }

    /** @param sentence what was expected and what came; empty when the answer is right */
    record Verdict(boolean right, Wrong wrong, String sentence) {
        private static final Verdict RIGHT = new Verdict(true, Wrong.INVENTED, "");

        Verdict in(String where) {
            return new Verdict(right, wrong, sentence + " (" + where + ")");
        }
    }

    private final AtomicBoolean writing = new AtomicBoolean();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> inDoubt = new HashSet<>();
    private long started = -1;
    private long lastDelete = -1;
    private long deleteBefore = -1;
    private boolean deleteInDoubt;
    private Published acknowledged = NOTHING;
    private Published published = NOTHING;

    /** Whether the caller may write now; then it must end with {@link #writingEnds}. */
    boolean tryToWrite() {
        return writing.compareAndSet(false, true);
    }

    void writingEnds() {
        writing.set(false);
    }

    /** The sequence number of the write that begins. */
    synchronized long writeBegins() {
        return ++started;
    }

    /** As {@link #writeBegins}, for a write that deletes: from now on an absence may be right. */
    synchronized long deleteBegins() {
        deleteBefore = lastDelete;
        lastDelete = writeBegins();
        return lastDelete;
    }

    synchronized void writeAcknowledged(long sequence, long version) {
        acknowledged = new Published(sequence, version, true);
        if (Long.compareUnsigned(version, published.version) >= 0) {
            published = acknowledged;
        }
    }

    /** The server said that nothing happened. */
    synchronized void writeRefused(long sequence) {
        refused.add(sequence);
        if (sequence == lastDelete) {
            lastDelete = deleteBefore;
        }
    }

    /** Nobody knows whether it happened, or will. */
    synchronized void writeInDoubt(long sequence) {
        inDoubt.add(sequence);
        deleteInDoubt |= sequence == lastDelete;
    }

    /** What is in doubt has happened or never will: it cannot come true after a write that begins from now on. */
    synchronized void doubtEnds() {
        inDoubt.clear();
        deleteInDoubt = false;
    }

    /** What a read that begins now must answer at the least. */
    synchronized Published readBegins() {
        return published;
    }

    /** @param floor from {@link #readBegins} */
    synchronized Verdict absent(Published floor) {
        if (lastDelete < floor.sequence && !deleteInDoubt) {
            return wrong(Wrong.ABSENT, "no such key, though write " + floor.sequence + " was known before");
        }
        // An absence carries no version, so only when one delete alone explains it is it known which one was seen. Its
        // version is above that of what it deleted.
        boolean one = floor.sequence >= 0 && deleteBefore < floor.sequence && !deleteInDoubt;
        if (one && lastDelete > published.sequence) {
            published = new Published(lastDelete, published.version + 1, false);
        }
        return Verdict.RIGHT;
    }

    static Verdict invented(String what) {
        return wrong(Wrong.INVENTED, what);
    }

    /**
     * @param floor from {@link #readBegins}
     * @param sequence of the write whose value was answered
     * @param version that was answered with it
     */
    synchronized Verdict found(Published floor, long sequence, long version) {
        Verdict verdict = judge(floor, sequence, version);
        if (verdict.right && Long.compareUnsigned(version, published.version) > 0) {
            published = new Published(sequence, version, false);
        }
        return verdict;
    }

    /** @param version with which a listing showed the key, without its value */
    synchronized Verdict listed(Published floor, long version) {
        return Long.compareUnsigned(version, floor.version) >= 0
                ? Verdict.RIGHT
                : wrong(
                        floor.acknowledged ? Wrong.STALE : Wrong.WENT_BACK,
                        "version " + hex(version) + ", though write " + floor.sequence + " (version "
                                + hex(floor.version) + ") was known before");
    }

    private Verdict judge(Published floor, long sequence, long version) {
        if (sequence < 0 || sequence > started) {
            return wrong(Wrong.INVENTED, "write " + sequence + ", which never was");
        }
        if (refused.contains(sequence)) {
            return wrong(Wrong.INVENTED, "write " + sequence + ", which was refused: nothing should have happened");
        }
        int order = Long.compareUnsigned(version, floor.version);
        if (order == 0 && sequence != floor.sequence) {
            return wrong(Wrong.INVENTED, "write " + sequence + " at the version of write " + floor.sequence);
        }
        boolean older = order < 0 || (sequence < floor.sequence && !inDoubt.contains(sequence));
        if (!older) {
            return Verdict.RIGHT;
        }
        return wrong(
                floor.acknowledged ? Wrong.STALE : Wrong.WENT_BACK,
                "write " + sequence + " (version " + hex(version) + "), though write " + floor.sequence + " (version "
                        + hex(floor.version) + ") was known before");
    }

    /** The newest acknowledged write; a sequence below 0 when there is none. */
    synchronized Published acknowledged() {
        return acknowledged;
    }

    private static Verdict wrong(Wrong kind, String sentence) {
        return new Verdict(false, kind, sentence);
    }

    private static String hex(long version) {
        return java.util.HexFormat.of().toHexDigits(version);
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes that one node has made to the providers, in order, to be read from any position on that its log still keeps.
 *
 * <p>A change is told once its write has ended, and never one that was refused. What cannot be told any more is a {@link Page.Gap},
 * never silence. Changes of the store's own namespaces are among them. Thread-safe.
 */
public interface ChangeLog {

    /**
     * A place in the log of one node: all up to it has been told.
     *
     * @param epoch one run of the node; rises with every start
     * @param sequence within the epoch, from 1 on; not every number has a change
     */
    record Position(long epoch, long sequence) implements Comparable<Position> {

        /** @throws IllegalArgumentException when the text is not {@code epoch.sequence} */
        public static Position parse(String text) {
            int dot = text.indexOf('.');
            try {
                Position parsed = new Position(
                        Long.parseLong(text, 0, Math.max(dot, 0), 10),
                        Long.parseLong(text, dot + 1, text.length(), 10));
                if (parsed.toString().equals(text) && parsed.epoch >= 0 && parsed.sequence >= 0) {
                    return parsed;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new IllegalArgumentException("\"" + text + "\" is not a position in a log of changes");
        }

        @Override
        public int compareTo(Position other) {
            int byEpoch = Long.compare(epoch, other.epoch);
            return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
        }

        @Override
        public String toString() {
            return epoch + "." + sequence;
        }
    }

    /**
     * One change.
     *
     * @param record null when it is too large to be repeated, or when it is not known whether the write stands: then ask the store
     */
    record Change(
            Position at,
            NamespaceId namespace,
            Key key,
            Version version,
            @Nullable Record record) {}

    /** What a reader is told. */
    sealed interface Page {
        /**
         * What comes next.
         *
         * @param changes rising; none when nothing happened for as long as the reader waited
         * @param next all up to here is told, so read on from here
         */
        record Changes(List<Change> changes, Position next) implements Page {}

        /**
         * What came after the position cannot be told: look at the store anew, then read on from {@code resumeAt}.
         *
         * @param why for people
         */
        record Gap(Position resumeAt, String why) implements Page {}
    }

    /** The end of what can be told now. */
    Position newest();

    /**
     * How long ago all that can be told now was all that there was, in nanoseconds; 0 in the log of a node that makes the changes itself.
     * To be asked before {@link #newest}: what it says may be lost by the next moment.
     */
    long behindNanos();

    /**
     * What happened after a position. Returns as soon as there is something, and at the latest after {@code waitNanos}.
     *
     * @param limit at most so many changes; 1 or more
     */
    Page read(Position after, int limit, long waitNanos) throws InterruptedException;

    /** The last change that has been begun: whatever was acknowledged by now is told once a reader has come so far. */
    default Position begun() {
        return newest();
    }

    /**
     * What the log has after a position, through the end of a run of the node that did not end in order. Everything that was acknowledged then
     * is among it; what was under way may not have happened, so the store has to be asked. For whoever must miss nothing: for all others it
     * is a gap.
     *
     * @param limit at most so many changes; 1 or more
     * @return null when there is no telling: what came then is not kept, or this log is not of the node that made the changes
     */
    default @Nullable List<Change> unsettled(Position after, int limit) {
        return null;
    }

    /** Name of the node whose log it is. */
    String node();

    /**
     * Names of the nodes that this one hears of changes from, directly or by way of others; none for a node that makes the changes itself. To
     * tell one of these would send every change round and round.
     */
    default Set<String> through() {
        return Set.of();
    }
}

package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.NamespaceId;

/**
 * The copy of a pinned namespace as it is.
 *
 * @param keys that are here, deleted ones that are still remembered not among them
 * @param bytes what the copy takes in memory
 * @param ageMillis since when something may be missing from it; 0 while it is not whole
 * @param wanted keys of which something newer exists, or may, and is being asked for
 * @param differences keys that a verification found to differ, since the start
 */
public record PinnedStatus(
        NamespaceId namespace,
        String title,
        State state,
        long keys,
        long bytes,
        long ageMillis,
        int wanted,
        long differences) {

    /** How far it has come. */
    public enum State {
        /** It has never been whole: reads are answered as if the namespace were not pinned. */
        LOADING,
        /** It has been whole, and answers every read. */
        WHOLE,
        /** There is not enough room for it: reads are answered as if the namespace were not pinned. */
        TOO_LARGE
    }

    public boolean whole() {
        return state == State.WHOLE;
    }
}

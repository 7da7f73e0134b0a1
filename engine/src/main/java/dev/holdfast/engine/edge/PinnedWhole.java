package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Version;

/**
 * That nothing is missing from a copy.
 *
 * @param asOfNanos as of when: all changes made before are here, or wanted
 * @param newest what is not here and had a version up to this one was gone when that was found, and may be told late
 * @param floor up to which the origins have collected what was deleted
 * @param followed whether this process has been told everything since; not so for what it found on disk
 */
record PinnedWhole(long asOfNanos, Version newest, Version floor, boolean followed) {

    /** Until when nothing is missing. */
    long until(Coverage coverage) {
        return followed ? coverage.newestUntil(asOfNanos) : asOfNanos;
    }

    /** Whether changes have been missed since that only a walk will find. */
    boolean missed(Coverage coverage) {
        return !followed || coverage.missedSince(asOfNanos);
    }

    PinnedWhole asOf(long nanos) {
        return new PinnedWhole(nanos, newest, floor, followed);
    }
}

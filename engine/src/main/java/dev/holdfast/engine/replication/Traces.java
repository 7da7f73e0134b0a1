package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;

/**
 * What a node has left at a provider to know the place by: two records, of which the older one is written over each
 * time. With one alone, a place that is put back in time just before that is written again looks as if nothing had been lost.
 */
record Traces(Version first, Version second) {
    static final Traces NONE = new Traces(Version.NONE, Version.NONE);

    boolean none() {
        return equals(NONE);
    }

    /** Whether the first is the one to be written over. */
    boolean firstIsNext() {
        return !first.newerThan(second);
    }

    /** With the next one written over. */
    Traces next(Version left) {
        return firstIsNext() ? new Traces(left, second) : new Traces(first, left);
    }

    /** Whether a place that holds these has not gone back to before those were left. */
    boolean heldAs(Traces found) {
        return !first.newerThan(found.first) && !second.newerThan(found.second);
    }
}

package dev.holdfast.engine.edge;

import java.time.Duration;

/**
 * How a node keeps near answers.
 *
 * @param memoryBytes room for values in memory
 * @param diskBytes room for values on disk; 0 for none
 * @param patience how long a read that has something to answer with waits for something better
 * @param refreshers how many entries may be asked for again at a time before their time is over
 * @param pinnedBytes room in memory for the copies of all pinned namespaces together
 * @param pinnedVerify how often each of them is compared with the origins
 */
public record EdgeConfig(
        long memoryBytes, long diskBytes, Duration patience, int refreshers, long pinnedBytes, Duration pinnedVerify) {
    public static final EdgeConfig DEFAULT = new EdgeConfig(64L << 20, 1L << 30, Duration.ofMillis(250), 16);

    /** With the usual room for pinned namespaces. */
    public EdgeConfig(long memoryBytes, long diskBytes, Duration patience, int refreshers) {
        this(memoryBytes, diskBytes, patience, refreshers, 256L << 20, Duration.ofMinutes(10));
    }
}

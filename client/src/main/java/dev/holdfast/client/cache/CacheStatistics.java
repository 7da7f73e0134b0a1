package dev.holdfast.client.cache;

/**
 * What a near cache holds and has done.
 *
 * @param memoryHits found in memory, current or not
 * @param diskHits found on disk
 * @param misses not found
 * @param overtaken answers that were not kept because something newer had been learned while they were under way
 * @param diskFailures how often the disk failed; after the first one it is not used any more
 */
public record CacheStatistics(
        long memoryHits,
        long diskHits,
        long misses,
        long overtaken,
        long diskFailures,
        long memoryBytes,
        long diskBytes,
        long memoryCount,
        long diskCount) {}

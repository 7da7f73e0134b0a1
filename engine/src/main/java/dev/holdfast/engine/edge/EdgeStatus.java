package dev.holdfast.engine.edge;

/**
 * The near cache as it is.
 *
 * @param entries in memory
 * @param memoryBytes what they take
 * @param evicted entries that had to make room
 * @param asking questions under way
 * @param diskBytes what the entries on disk take
 * @param diskWaiting entries that are still to be written there
 */
public record EdgeStatus(
        long entries, long memoryBytes, long evicted, int asking, long diskBytes, int diskWaiting, Counters counters) {

    /**
     * Since the start.
     *
     * @param hits answered from memory as the newest
     * @param misses asked for
     * @param updating answered past their time while somebody was being asked
     * @param stale answered past their time since nobody could be asked
     * @param defaults answered with the namespace's default
     * @param refused not answered since nobody could be asked
     * @param refreshes asked for again before their time was over
     * @param contradictions answers that knew less than the cache, and were not believed
     * @param changes heard through the feed
     * @param gaps in the feed
     * @param differences keys of pinned namespaces that a verification found to differ from the origins
     */
    public record Counters(
            long hits,
            long misses,
            long updating,
            long stale,
            long defaults,
            long refused,
            long refreshes,
            long contradictions,
            long changes,
            long gaps,
            long differences) {}
}

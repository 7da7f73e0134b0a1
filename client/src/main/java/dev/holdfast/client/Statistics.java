package dev.holdfast.client;

import dev.holdfast.client.cache.CacheStatistics;
import dev.holdfast.client.transport.TransportStatistics;

/**
 * What a client has done since it was made.
 *
 * @param cache all zeros without a near cache
 * @param shared reads that waited for another one's answer instead of asking
 * @param lastKnownGood reads that were answered from the near cache because no server could be asked
 * @param changes that the server has reported for the near cache
 * @param gaps how often changes may have been missed, the beginning included
 */
public record Statistics(
        TransportStatistics transport,
        CacheStatistics cache,
        long shared,
        long lastKnownGood,
        long changes,
        long gaps) {}

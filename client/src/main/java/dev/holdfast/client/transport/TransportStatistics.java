package dev.holdfast.client.transport;

/**
 * What a transport has done since it was made.
 *
 * @param calls how often it was called
 * @param retries requests sent again because one before had failed
 * @param hedges requests sent a second time because an answer was slow
 * @param hedgesWon how often the second answer came first
 * @param overBudget retries and hedges not sent because they would have been too many
 * @param failures requests that got no whole answer
 * @param endpointsDown how many endpoints failed when last asked
 */
public record TransportStatistics(
        long calls, long retries, long hedges, long hedgesWon, long overBudget, long failures, int endpointsDown) {}

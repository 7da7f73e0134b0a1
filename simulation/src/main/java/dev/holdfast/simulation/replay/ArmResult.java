package dev.holdfast.simulation.replay;

import java.util.List;
import java.util.Map;

/**
 * What one arm came to.
 *
 * @param arm {@code single}, {@code first-ack} or {@code holdfast}
 * @param during while the outage lasted
 * @param after in the twenty minutes after that
 * @param lost acknowledged writes that nobody has any more
 * @param minutes what users felt, minute by minute
 * @param load calls served by each provider in each minute
 */
public record ArmResult(
        String arm,
        String what,
        Shares during,
        Shares after,
        long lost,
        List<Minute> minutes,
        Map<String, List<Long>> load) {
    public ArmResult {
        minutes = List.copyOf(minutes);
    }

    /**
     * Shares of requests, 0 to 1.
     *
     * @param stale of the reads: answered with an older value than one that had been acknowledged before the read began
     */
    public record Shares(long requests, double failed, double failedReads, double failedWrites, double stale) {}

    /**
     * One minute.
     *
     * @param reads share of the reads that were answered
     * @param writes share of the writes that were acknowledged
     * @param stale share of the reads that were stale
     */
    public record Minute(int at, double reads, double writes, double stale) {}
}

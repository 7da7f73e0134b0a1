package dev.holdfast.simulation.replay;

import java.util.List;
import java.util.Map;

/**
 * What one arm came to.
 *
 * @param arm {@code single}, {@code first-ack} or {@code holdfast}
 * @param during while the outage lasted
 * @param after in the twenty minutes after that
 * @param acknowledged writes since the load began
 * @param lost acknowledged writes that nobody has any more
 * @param minutes what users felt, minute by minute
 * @param load calls served by each provider in each minute
 */
public record ArmResult(
        String arm,
        String what,
        Shares during,
        Shares after,
        long acknowledged,
        long lost,
        List<Minute> minutes,
        Map<String, List<Long>> load) {
    private static final double NEXT_TO_ALL = 0.99;

    public ArmResult {
        minutes = List.copyOf(minutes);
    }

    /**
     * Shares of requests, 0 to 1.
     *
     * @param overtaken of the reads that were answered: with a value that was the newest when the store was asked for it, and
     *     that a write overtook while a cache kept it
     * @param old of the reads that were answered: with a value that was older than an acknowledged one already when the store
     *     was asked for it
     */
    public record Shares(
            long requests, double failed, double failedReads, double failedWrites, double overtaken, double old) {

        /** Of the reads that were answered: with an older value than one that had been acknowledged before the read began. */
        public double stale() {
            return overtaken + old;
        }

        /** Whether so few reads were answered that a share of them says nothing. */
        public boolean hardlyAnswered() {
            return failedReads > NEXT_TO_ALL;
        }
    }

    /**
     * One minute.
     *
     * @param reads share of the reads that were answered
     * @param writes share of the writes that were acknowledged
     * @param stale share of the answered reads that were stale
     */
    public record Minute(int at, double reads, double writes, double stale) {
        public boolean hardlyAnswered() {
            return 1 - reads > NEXT_TO_ALL;
        }
    }
}

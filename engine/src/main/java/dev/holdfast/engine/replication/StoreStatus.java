package dev.holdfast.engine.replication;

import java.util.List;

/**
 * The store at a moment, for people and metrics.
 *
 * @param canLoseOne whether any one provider could be lost for ever now without losing an acknowledged write or failing a request
 * @param reasons why, or why not, in sentences; also when providers share a failure domain, which would be lost at one stroke
 */
public record StoreStatus(
        List<ProviderView> providers, HintView hints, boolean canLoseOne, List<String> reasons, Counters counters) {

    /**
     * One provider.
     *
     * @param domain its failure domain in words
     * @param since milliseconds since the Unix epoch at which the state began
     * @param why the evidence for the state
     * @param hints writes waiting for it
     * @param oldestHintAgeMillis 0 when none waits
     * @param deadlineMicros how long it is waited for now, learned from its own latency
     * @param phase what is under way: empty, {@code probing}, {@code draining}, {@code comparing}
     * @param comparedKeys keys compared in the pass under way
     */
    public record ProviderView(
            String name,
            String domain,
            ProviderState state,
            long since,
            String why,
            long hints,
            long oldestHintAgeMillis,
            long deadlineMicros,
            String phase,
            long comparedKeys) {}

    /**
     * The hint log.
     *
     * @param alarm whether the disk has less room than the early alarm asks for
     */
    public record HintView(long depth, long oldestAgeMillis, long freeBytes, boolean alarm) {}

    /** Counts since start. Divergent keys are those found to differ between homes; repaired, those made equal again. */
    public record Counters(
            long reads,
            long writes,
            long unconfirmed,
            long hinted,
            long drained,
            long disagreements,
            long repairs,
            long restamped,
            long damaged,
            long quarantined,
            long compared,
            long divergent,
            long collected,
            long refused) {}
}

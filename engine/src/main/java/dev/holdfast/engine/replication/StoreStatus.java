package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.time.ClockBounds;
import java.util.List;
import java.util.Map;

/**
 * The store at a moment, for people and metrics.
 *
 * @param canLoseOne whether any one provider could be lost for ever now without losing an acknowledged write or failing a request
 * @param reasons why, or why not, in sentences; also when providers share a failure domain, which would be lost at one stroke
 * @param moves the last changes of the providers' states, the oldest first
 * @param silentNodes for how many milliseconds each other node has not been heard of that has been silent for too long
 * @param clocks of the nodes that this one has heard of lately
 * @param scrub what reading through the records at rest has come to
 */
public record StoreStatus(
        List<ProviderView> providers,
        HintView hints,
        boolean canLoseOne,
        List<String> reasons,
        Counters counters,
        List<Move> moves,
        Map<String, Long> silentNodes,
        List<ClockView> clocks,
        ScrubStatus scrub) {

    /**
     * Another clock.
     *
     * @param of whose it is: {@code node x}, or {@code origin http://…}
     * @param bounds how far it is ahead of this node's
     */
    public record ClockView(String of, ClockBounds bounds) {}

    /**
     * One provider.
     *
     * @param domain its failure domain in words
     * @param since milliseconds since the Unix epoch at which the state began
     * @param why the evidence for the state
     * @param hints writes waiting for it
     * @param oldestHintAgeMillis 0 when none waits
     * @param deadlineMicros how long it is waited for now, learned from its own latency
     * @param doing what is under way, in words: empty, {@code probing}, {@code draining}, {@code comparing}, or what it waits for
     * @param comparedKeys keys compared in the pass under way
     * @param coming how far it has come back
     * @param evidence what its answers have shown
     * @param placed what it is in the placement
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
            String doing,
            long comparedKeys,
            ReturnView coming,
            EvidenceView evidence,
            PlacedView placed,
            Login login) {}

    /**
     * What a provider is in the placement.
     *
     * @param complete whether one that joins or leaves lacks nothing but what waits for it
     * @param shadowed how often it was asked what others had been asked, while its word did not count
     * @param disagreed how often it would have answered something older then
     */
    public record PlacedView(Role role, boolean complete, long shadowed, long disagreed) {
        /** Of one that serves. */
        public static final PlacedView SERVING = new PlacedView(Role.SERVING, false, 0, 0);
    }

    /**
     * How much a provider is given, and how far it has come back.
     *
     * @param phase {@code probe}, {@code trickle}, {@code catch-up}, {@code verified} or {@code full}
     * @param provenPerSecond calls that this node has seen it bear; 0 for not known
     * @param boundPerSecond calls that it is given at most until it is full, and in the background; 0 for no bound
     * @param underWay calls to it that are under way
     * @param limit how many may be, found from how long they take
     * @param leftMillis until it has caught up, by how fast it goes now; {@link #UNKNOWN} when that cannot be told
     */
    public record ReturnView(
            String phase, double provenPerSecond, double boundPerSecond, int underWay, int limit, long leftMillis) {
        public static final long UNKNOWN = -1;
    }

    /**
     * What a provider's answers have shown since the start.
     *
     * @param contradicted how often it was seen to lack or alter what it has acknowledged
     * @param contradiction the last such, in words
     */
    public record EvidenceView(long contradicted, String contradiction, List<CallsView> calls) {}

    /**
     * Calls of one kind to one provider.
     *
     * @param good answered in time
     * @param nanos what those took together
     * @param late not answered in the time that was given
     */
    public record CallsView(CallKind kind, long good, long nanos, long late, Map<FaultKind, Long> faults) {}

    /**
     * A provider came to another state.
     *
     * @param number of all moves since the start, rising by one
     * @param at milliseconds since the Unix epoch
     */
    public record Move(long number, long at, String provider, ProviderState from, ProviderState to, String evidence) {}

    /**
     * The hint log.
     *
     * @param alarm whether the disk has less room than the early alarm asks for
     * @param domain what it is lost together with
     */
    public record HintView(long depth, long oldestAgeMillis, long freeBytes, boolean alarm, String domain) {}

    /** Counts since start. Divergent keys are those found to differ between homes; repaired, those made equal again; spared, how often one was not asked. */
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
            long refused,
            long spared) {}
}

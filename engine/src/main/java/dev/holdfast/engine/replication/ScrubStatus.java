package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import java.util.List;

/**
 * What reading through every record has come to.
 *
 * @param running whether a pass over a provider that is current is under way
 * @param providers the present or last pass over each provider
 * @param counts since the node started
 * @param beyondRepair how many records are damaged and nowhere to be had; those that are listed
 * @param damaged what is damaged and not repaired, up to {@value #MOST_LISTED} of it
 */
public record ScrubStatus(
        boolean running, List<ProviderPass> providers, Counts counts, long beyondRepair, List<DamagedKey> damaged) {
    /** More are not listed; the log has them. */
    public static final int MOST_LISTED = 1_000;

    /** Of a node that has no providers, or has not begun. */
    public static final ScrubStatus NONE = new ScrubStatus(false, List.of(), new Counts(0, 0, 0, 0), 0, List.of());

    /**
     * Counts of records at single providers.
     *
     * @param keys records read
     * @param bytes of their keys and values
     * @param damaged records whose bytes were damaged on the second look, too
     * @param repaired those of them that were read whole again afterwards
     */
    public record Counts(long keys, long bytes, long damaged, long repaired) {
        Counts plus(Counts more) {
            return new Counts(keys + more.keys, bytes + more.bytes, damaged + more.damaged, repaired + more.repaired);
        }
    }

    /**
     * A pass over one provider. It outlives the node's restarts, and waits while the provider is not current.
     *
     * @param doing what it does or waits for, in words; empty when none is under way
     * @param begunAt milliseconds since the Unix epoch; 0 for never
     * @param endedAt milliseconds since the Unix epoch; 0 while under way, or never begun
     * @param expectedKeys how many the pass before had; 0 for not known
     * @param leftMillis until it ends, by how fast it goes now; {@link #UNKNOWN} when that cannot be told
     */
    public record ProviderPass(
            String provider,
            String doing,
            long begunAt,
            long endedAt,
            Counts counts,
            long expectedKeys,
            long leftMillis) {
        public static final long UNKNOWN = -1;
    }

    /**
     * A damaged record.
     *
     * @param version as its head says; {@link Version#NONE} when that cannot be read either
     * @param beyondRepair whether all other homes were asked and none has it; otherwise it is tried again
     * @param foundAt milliseconds since the Unix epoch
     */
    public record DamagedKey(
            String provider, NamespaceId namespace, Key key, Version version, boolean beyondRepair, long foundAt) {}
}

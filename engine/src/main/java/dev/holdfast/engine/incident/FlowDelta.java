package dev.holdfast.engine.incident;

import dev.holdfast.engine.kv.NamespaceId;

/**
 * What became of a namespace's requests since the look before.
 *
 * @param requests all of them, but those that an operator's gate has kept out
 * @param refused not answered or not known to be done, for want of what the node needs
 * @param local of the refused, those for want of this node's own disk
 * @param stale answered with the last known good, or with what nobody vouches for
 * @param slow answered later than promised
 * @param took by {@code Traffic.BUCKETS}, without those answered from memory
 */
record FlowDelta(
        NamespaceId namespace, int tier, long requests, long refused, long local, long stale, long slow, long[] took) {
    boolean hurt() {
        return refused + stale + slow > 0;
    }
}

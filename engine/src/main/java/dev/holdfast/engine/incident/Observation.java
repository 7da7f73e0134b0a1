package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Sources.Expiry;
import dev.holdfast.engine.incident.Sources.Feed;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.engine.replication.StoreStatus;
import java.util.List;

/**
 * What is seen at one look.
 *
 * @param wall milliseconds since the Unix epoch
 * @param nanos by {@code Time.nanos}
 * @param providers what is new of each provider's calls
 * @param contradictions how many answers were less than this node's cache knows, since the look before
 * @param flows of the namespaces that have had requests since the look before
 * @param gone namespaces of which nothing is counted any more, since they are deleted
 * @param diskFails whether this node's disk does not take what is known of incidents
 */
record Observation(
        long wall,
        long nanos,
        StoreStatus store,
        List<ProviderDelta> providers,
        long contradictions,
        List<FlowDelta> flows,
        List<NamespaceId> gone,
        Comparing comparing,
        List<Feed> feeds,
        List<Expiry> expiries,
        boolean diskFails) {}

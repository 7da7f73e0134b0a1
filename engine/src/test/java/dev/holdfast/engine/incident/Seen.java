package dev.holdfast.engine.incident;

import dev.holdfast.engine.edge.Traffic;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.engine.replication.ScrubStatus;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.EvidenceView;
import dev.holdfast.engine.replication.StoreStatus.PlacedView;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.engine.replication.StoreStatus.ReturnView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes an observation of what a test says; all else is well. */
final class Seen {
    private final long nanos;
    private final List<FlowDelta> flows = new ArrayList<>();
    private final List<ProviderDelta> providers = new ArrayList<>();
    private ScrubStatus scrub = ScrubStatus.NONE;

    private Seen(long nanos) {
        this.nanos = nanos;
    }

    static Seen at(long nanos) {
        return new Seen(nanos);
    }

    /** So many records are damaged and nowhere to be had. */
    Seen beyondRepair(long records) {
        scrub = new ScrubStatus(false, List.of(), ScrubStatus.NONE.counts(), records, List.of());
        return this;
    }

    /** Requests of a namespace of its own, of this tier. */
    Seen of(int tier, long requests, long refused, long stale, long slow) {
        flows.add(new FlowDelta(
                new NamespaceId(flows.size(), tier),
                tier,
                requests,
                refused,
                0,
                stale,
                slow,
                new long[Traffic.BUCKETS]));
        return this;
    }

    /** A provider that is well and lets this node in so. */
    Seen letInAs(String provider, Login login) {
        ProviderView view = new ProviderView(
                provider,
                "here/room/" + provider,
                ProviderState.CURRENT,
                0,
                "",
                0,
                0,
                25_000,
                "",
                0,
                new ReturnView("full", 0, 0, 0, 64, 0),
                new EvidenceView(0, "", List.of()),
                PlacedView.SERVING,
                login);
        providers.add(new ProviderDelta(view, 0, List.of()));
        return this;
    }

    Observation observation() {
        StoreStatus store = new StoreStatus(
                List.of(),
                new StoreStatus.HintView(0, 0, Long.MAX_VALUE, false, ""),
                true,
                List.of(),
                new StoreStatus.Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                Map.of(),
                scrub);
        return new Observation(
                nanos / 1_000_000,
                nanos,
                store,
                providers,
                0,
                flows,
                new Comparing(false, 0, 0, null),
                List.of(),
                List.of(),
                false);
    }
}

package dev.holdfast.engine.incident;

import dev.holdfast.engine.edge.Traffic;
import dev.holdfast.engine.incident.Sources.Expiry;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.replication.CallKind;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.engine.replication.ScrubStatus;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.ClockBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes an observation of what a test says; all else is well. */
final class Seen {
    private final long nanos;
    private final List<FlowDelta> flows = new ArrayList<>();
    private ScrubStatus scrub = ScrubStatus.NONE;
    private final List<NamespaceId> gone = new ArrayList<>();
    private final List<ProviderDelta> providers = new ArrayList<>();
    private final List<StoreStatus.ClockView> clocks = new ArrayList<>();
    private List<Expiry> expiries = List.of();

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

    /** A provider that is taken to be well, and so many reads of it. */
    Seen provider(String name, long good, long late) {
        return provider(
                name,
                Login.NONE,
                List.of(new ProviderDelta.Calls(CallKind.READ, good, good * 1_000_000, late, Map.of())));
    }

    /** A provider that is well and lets this node in so. */
    Seen letInAs(String name, Login login) {
        return provider(name, login, List.of());
    }

    private Seen provider(String name, Login login, List<ProviderDelta.Calls> calls) {
        providers.add(new ProviderDelta(
                new StoreStatus.ProviderView(
                        name,
                        "",
                        ProviderState.CURRENT,
                        0,
                        "",
                        0,
                        0,
                        0,
                        "",
                        0,
                        new StoreStatus.ReturnView("full", 0, 0, 0, 0, 0),
                        new StoreStatus.EvidenceView(0, "", List.of()),
                        StoreStatus.PlacedView.SERVING,
                        login),
                0,
                calls));
        return this;
    }

    /** How far others are ahead, in milliseconds at least and at most. */
    Seen clock(String of, long least, long most) {
        clocks.add(new StoreStatus.ClockView(of, new ClockBounds(least, most)));
        return this;
    }

    /** What is good for a time only. */
    Seen expiring(List<Expiry> all) {
        expiries = all;
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

    Seen gone(NamespaceId namespace) {
        gone.add(namespace);
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
                clocks,
                scrub);
        return new Observation(
                nanos / 1_000_000,
                nanos,
                store,
                providers,
                0,
                flows,
                gone,
                new Comparing(false, 0, 0, 0, null),
                List.of(),
                expiries,
                false);
    }
}

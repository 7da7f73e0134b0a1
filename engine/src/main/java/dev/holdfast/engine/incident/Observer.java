package dev.holdfast.engine.incident;

import dev.holdfast.engine.edge.Traffic;
import dev.holdfast.engine.incident.ProviderDelta.Calls;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.CallsView;
import dev.holdfast.engine.replication.StoreStatus.EvidenceView;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at what the rooms publish, and tells what is new of it. Belongs to one thread. */
final class Observer {
    private static final Traffic.Counts NOTHING = new Traffic.Counts(0, new long[0], 0, 0, 0, 0, 0);

    private final Time time;
    private final Sources sources;
    /** Those in it and after took longer than promised. */
    private final int slowBucket;

    private final Map<NamespaceId, Traffic.Counts> flowsBefore = new HashMap<>();
    private final Map<String, EvidenceView> callsBefore = new HashMap<>();
    private long contradictionsBefore;

    Observer(Time time, Sources sources, long slowNanos) {
        this.time = time;
        this.sources = sources;
        this.slowBucket = Traffic.bucket(slowNanos);
        this.contradictionsBefore = sources.contradictions().getAsLong();
        sources.traffic().forEach(flowsBefore::put);
    }

    /** @param store as it is now */
    Observation look(StoreStatus store, boolean diskFails) {
        List<FlowDelta> flows = new ArrayList<>();
        Set<NamespaceId> counted = new HashSet<>();
        sources.traffic().forEach((id, counts) -> {
            counted.add(id);
            FlowDelta delta = delta(id, flowsBefore.put(id, counts), counts);
            if (delta.requests() > 0 || delta.hurt()) {
                flows.add(delta);
            }
        });
        List<NamespaceId> gone = flowsBefore.keySet().stream()
                .filter(id -> !counted.contains(id))
                .toList();
        gone.forEach(flowsBefore::remove);
        callsBefore
                .keySet()
                .retainAll(store.providers().stream().map(ProviderView::name).toList());
        // The map they come from has no order that a simulation could repeat.
        flows.sort(Comparator.comparing(FlowDelta::namespace));
        long contradictions = sources.contradictions().getAsLong();
        long news = contradictions - contradictionsBefore;
        contradictionsBefore = contradictions;
        return new Observation(
                time.wallMillis(),
                time.nanos(),
                store,
                store.providers().stream().map(this::delta).toList(),
                news,
                flows,
                gone,
                sources.comparing().get(),
                sources.feeds().get(),
                sources.expiries().get(),
                diskFails);
    }

    private ProviderDelta delta(ProviderView view) {
        EvidenceView now = view.evidence();
        EvidenceView before = callsBefore.put(view.name(), now);
        List<Calls> calls = new ArrayList<>();
        for (int i = 0; i < now.calls().size(); i++) {
            CallsView is = now.calls().get(i);
            CallsView was = before == null ? null : before.calls().get(i);
            Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
            is.faults().forEach((fault, count) -> {
                long more = count - (was == null ? 0 : was.faults().getOrDefault(fault, 0L));
                if (more > 0) {
                    faults.put(fault, more);
                }
            });
            calls.add(new Calls(
                    is.kind(),
                    is.good() - (was == null ? 0 : was.good()),
                    is.nanos() - (was == null ? 0 : was.nanos()),
                    is.late() - (was == null ? 0 : was.late()),
                    faults));
        }
        return new ProviderDelta(view, now.contradicted() - (before == null ? 0 : before.contradicted()), calls);
    }

    private FlowDelta delta(NamespaceId id, Traffic.@Nullable Counts before, Traffic.Counts now) {
        long[] took = now.took().clone();
        for (int i = 0; before != null && i < took.length; i++) {
            took[i] -= before.took()[i];
        }
        long asked = 0;
        long late = 0;
        for (int i = 0; i < took.length; i++) {
            asked += took[i];
            late += i >= slowBucket ? took[i] : 0;
        }
        Traffic.Counts then = before == null ? NOTHING : before;
        long local = now.refusedLocally() - then.refusedLocally();
        long refused = now.refused() - then.refused() + local;
        long stale = now.stale() + now.unconfirmed() - then.stale() - then.unconfirmed();
        // What a gate does to a namespace is what an operator wants.
        boolean gated = stale > 0 && sources.gated().test(id);
        return new FlowDelta(
                id,
                sources.tiers().applyAsInt(id),
                now.near() - then.near() + asked - (now.keptOut() - then.keptOut()),
                refused,
                local,
                gated ? 0 : stale,
                Math.max(0, late - refused),
                took);
    }
}

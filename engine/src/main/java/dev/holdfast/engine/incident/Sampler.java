package dev.holdfast.engine.incident;

import dev.holdfast.engine.edge.Traffic;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.CallKind;
import dev.holdfast.engine.replication.StoreStatus.CallsView;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the samples of each second out of looks, and has those of the last minute for incidents that open. Belongs to one thread. */
final class Sampler {
    private static final long SECOND = 1_000_000_000L;
    private static final int BEFORE = 60;
    private static final int MOST_NAMESPACES = 20;

    private final Deque<Sample> before = new ArrayDeque<>();
    private final Map<String, Sum> sums = new TreeMap<>();
    private final Map<String, long[]> calls = new HashMap<>();
    private @Nullable Long second;
    private long divergentBefore;

    /** What came since the second began. */
    private static final class Sum {
        private final int tier;
        private long requests;
        private long refused;
        private long stale;
        private long slow;
        private final long[] took = new long[Traffic.BUCKETS];

        private Sum(int tier) {
            this.tier = tier;
        }

        private void add(FlowDelta delta) {
            requests += delta.requests();
            refused += delta.refused();
            stale += delta.stale();
            slow += delta.slow();
            for (int i = 0; i < took.length; i++) {
                took[i] += delta.took()[i];
            }
        }

        private boolean hurt() {
            return refused + stale + slow > 0;
        }

        private Flow flow(String namespace) {
            return new Flow(namespace, tier, requests, refused, stale, slow, p99());
        }

        private long p99() {
            long left = requests / 100;
            for (int i = took.length - 1; i >= 0; i--) {
                left -= took[i];
                if (left < 0) {
                    return 1L << i;
                }
            }
            return 0;
        }
    }

    /** @return the sample of a second that is over with this look */
    Optional<Sample> add(Observation now) {
        for (FlowDelta delta : now.flows()) {
            sums.computeIfAbsent(delta.namespace().toString(), _ -> new Sum(delta.tier()))
                    .add(delta);
        }
        long number = Math.floorDiv(now.nanos(), SECOND);
        if (second == null || number == second) {
            second = number;
            return Optional.empty();
        }
        int seconds = (int) Math.min(3_600, number - second);
        second = number;
        Sample sample = sample(now, seconds);
        sums.clear();
        if (before.size() == BEFORE) {
            before.removeFirst();
        }
        before.add(sample);
        return Optional.of(sample);
    }

    /** Those of the last minute, the oldest first. */
    List<Sample> before() {
        return List.copyOf(before);
    }

    private Sample sample(Observation now, int seconds) {
        List<Flow> tiers = new ArrayList<>();
        for (int tier = 0; tier <= Policy.LAST_TIER; tier++) {
            Sum all = new Sum(tier);
            for (Sum sum : sums.values()) {
                if (sum.tier == tier) {
                    all.add(delta(sum));
                }
            }
            if (all.requests > 0) {
                tiers.add(all.flow(""));
            }
        }
        List<Flow> namespaces = sums.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Sum>, Boolean>comparing(
                                each -> !each.getValue().hurt())
                        .thenComparingLong(each -> -each.getValue().requests)
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_NAMESPACES)
                .map(each -> each.getValue().flow(each.getKey()))
                .toList();
        return new Sample(
                now.wall(),
                seconds,
                tiers,
                namespaces,
                now.store().providers().stream().map(this::point).toList(),
                now.store().hints().depth(),
                now.store().hints().oldestAgeMillis(),
                divergent(now.store().counters().divergent()));
    }

    private long divergent(long sinceStart) {
        long more = sinceStart - divergentBefore;
        divergentBefore = sinceStart;
        return more;
    }

    private static FlowDelta delta(Sum sum) {
        return new FlowDelta(NamespaceId.SYSTEM, sum.tier, sum.requests, sum.refused, 0, sum.stale, sum.slow, sum.took);
    }

    private ProviderPoint point(ProviderView provider) {
        long faults = 0;
        long reads = 0;
        long nanos = 0;
        for (CallsView view : provider.evidence().calls()) {
            faults += view.late();
            for (long count : view.faults().values()) {
                faults += count;
            }
            if (view.kind() == CallKind.READ) {
                reads = view.good();
                nanos = view.nanos();
            }
        }
        long[] last = calls.put(provider.name(), new long[] {faults, reads, nanos});
        long newReads = last == null ? 0 : reads - last[1];
        return new ProviderPoint(
                provider.name(),
                provider.state().label(),
                provider.hints(),
                last == null ? 0 : faults - last[0],
                last == null || newReads == 0 ? 0 : (nanos - last[2]) / newReads / 1_000);
    }
}

package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which keys are let in before their namespaces are: those that are asked for most, tier by tier. Each costs one question once its answer
 * is near, and serves many.
 */
final class RampHot {
    /** Of all that is asked, each of them has so much at least. */
    private static final double LEAST_SHARE = 0.002;

    private static final int MOST_KEYS = 256;

    private final Load load;
    private final Map<NamespaceId, Integer> tiers = new HashMap<>();
    private final List<Integer> order;

    RampHot(Load load, RampPlan plan) {
        this.load = load;
        for (Member member : plan.members()) {
            tiers.put(member.id(), member.tier());
        }
        this.order = tiers.values().stream().distinct().sorted().toList();
    }

    /** The hottest keys of the plan's namespaces now. */
    Set<KeyRef> all() {
        return load.hottest(LEAST_SHARE, MOST_KEYS).stream()
                .filter(key -> tiers.containsKey(key.namespace()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Those of the first tiers.
     *
     * @param share so many percent of the tiers
     * @param before that were let in already, and stay if their tier is among these
     */
    Set<KeyRef> upTo(int share, Set<KeyRef> before) {
        int count = Math.round(share * order.size() / (float) Gate.SHARES);
        Set<Integer> first = Set.copyOf(order.subList(0, count));
        Set<KeyRef> keys = new LinkedHashSet<>(before);
        keys.addAll(all());
        return keys.stream()
                .filter(key -> first.contains(tiers.get(key.namespace())))
                .limit(MOST_KEYS)
                .collect(Collectors.toSet());
    }
}

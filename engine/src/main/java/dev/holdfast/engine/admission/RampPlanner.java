package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Puts namespaces into waves. What one needs comes before it, and so in its tier if its own is a later one. Of those that could come
 * together, a wave has as many as have a quarter of the load, those first of which most is asked; one that has more is a wave of its own.
 *
 * <p>Not thread-safe; for one plan.
 */
final class RampPlanner {
    /** Hash shares in percent, each a few times the one before. */
    static final List<Integer> LADDER = List.of(1, 5, 25, 100);

    private static final double MOST_OF_A_WAVE = 0.25;

    private final Map<NamespaceId, Namespace> members = new LinkedHashMap<>();
    private final Function<NamespaceId, Gate> gates;
    private final ToDoubleFunction<NamespaceId> perSecond;
    private final Map<NamespaceId, List<NamespaceId>> needs = new HashMap<>();
    private final Map<NamespaceId, Integer> tiers = new HashMap<>();
    private final Map<NamespaceId, Integer> levels = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param gates what each may do before its wave
     * @param perSecond how often a second something is asked of each
     */
    RampPlanner(
            List<Namespace> namespaces, Function<NamespaceId, Gate> gates, ToDoubleFunction<NamespaceId> perSecond) {
        namespaces.stream()
                .sorted(Comparator.comparing(Namespace::title).thenComparing(Namespace::id))
                .forEach(namespace -> members.put(namespace.id(), namespace));
        this.gates = gates;
        this.perSecond = perSecond;
    }

    RampPlan plan() {
        members.keySet().forEach(id -> findNeeds(id, new HashSet<>()));
        members.forEach((id, namespace) -> hurry(id, namespace.policy().tier()));
        Map<Integer, Map<Integer, List<Member>>> together = new TreeMap<>();
        for (Namespace namespace : members.values()) {
            Member member = member(namespace);
            together.computeIfAbsent(member.tier(), tier -> new TreeMap<>())
                    .computeIfAbsent(level(member.id()), level -> new ArrayList<>())
                    .add(member);
        }
        List<Wave> waves = new ArrayList<>();
        waves.add(new Wave(0, List.of(), evenly(together.size())));
        double all = members.keySet().stream().mapToDouble(perSecond).sum();
        together.forEach((tier, byLevel) ->
                byLevel.values().forEach(those -> waves.addAll(parted(tier, those, all * MOST_OF_A_WAVE))));
        return new RampPlan(waves, notes);
    }

    private Member member(Namespace namespace) {
        NamespaceId id = namespace.id();
        return new Member(
                id,
                namespace.title(),
                Objects.requireNonNull(tiers.get(id)),
                perSecond.applyAsDouble(id),
                gates.apply(id));
    }

    /** A walk in depth, which leaves out what would lead back to where it came from. */
    private void findNeeds(NamespaceId id, Set<NamespaceId> onTheWay) {
        if (needs.containsKey(id)) {
            return;
        }
        onTheWay.add(id);
        List<NamespaceId> found = new ArrayList<>();
        for (NamespaceId needed : of(id).policy().needs()) {
            if (onTheWay.contains(needed)) {
                notes.add(of(id).title() + " does not wait for " + of(needed).title()
                        + ", though it needs that: it needs itself that way.");
            } else if (members.containsKey(needed)) {
                findNeeds(needed, onTheWay);
                found.add(needed);
            } else if (!gates.apply(needed).equals(Gate.OPEN)) {
                notes.add(of(id).title() + " needs a namespace that is not open and not in this ramp: " + needed + ".");
            }
        }
        onTheWay.remove(id);
        needs.put(id, found);
    }

    private Namespace of(NamespaceId id) {
        return Objects.requireNonNull(members.get(id));
    }

    private void hurry(NamespaceId id, int tier) {
        if (tiers.getOrDefault(id, Integer.MAX_VALUE) <= tier) {
            return;
        }
        tiers.put(id, tier);
        Objects.requireNonNull(needs.get(id)).forEach(needed -> hurry(needed, tier));
    }

    /** How many of its own tier have to come before it, one after the other. */
    private int level(NamespaceId id) {
        Integer known = levels.get(id);
        if (known != null) {
            return known;
        }
        int level = 0;
        for (NamespaceId needed : Objects.requireNonNull(needs.get(id))) {
            if (Objects.equals(tiers.get(needed), tiers.get(id))) {
                level = Math.max(level, level(needed) + 1);
            }
        }
        levels.put(id, level);
        return level;
    }

    private static List<Wave> parted(int tier, List<Member> those, double mostPerSecond) {
        List<Wave> waves = new ArrayList<>();
        List<Member> wave = new ArrayList<>();
        double sum = 0;
        for (Member member : those.stream()
                .sorted(Comparator.comparingDouble(member -> -member.perSecond()))
                .toList()) {
            if (!wave.isEmpty() && sum + member.perSecond() > mostPerSecond) {
                waves.add(new Wave(tier, wave, LADDER));
                wave = new ArrayList<>();
                sum = 0;
            }
            wave.add(member);
            sum += member.perSecond();
        }
        waves.add(new Wave(tier, wave, LADDER));
        return waves;
    }

    /** As many steps as there are tiers. */
    private static List<Integer> evenly(int steps) {
        Set<Integer> rungs = new TreeSet<>();
        for (int step = 1; step <= steps; step++) {
            rungs.add(Gate.SHARES * step / steps);
        }
        return List.copyOf(rungs);
    }
}

package dev.holdfast.engine.incident.joint;

import dev.holdfast.engine.incident.Incident;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which incidents of several nodes are one thing: those of two nodes that are about the same and were open at one time, and whatever
 * hangs together by such pairs. So it is the same in whatever order nodes are asked, and joining what is joined changes nothing.
 *
 * <p>What is a node's own, its disk and a step of its clock, is never another one's. Two incidents of one node are joined only by one of
 * another node, for the node itself has told them apart.
 */
public final class Joining {
    /** As {@code Finding.cause} has them. */
    private static final Set<String> OWN = Set.of("disk:node", "clock:node");

    private Joining() {}

    /** The newest first. What a node has told twice counts once, as it was last. */
    public static List<JointIncident> of(Collection<Sighting> told) {
        List<Sighting> all = eachOnce(told);
        int[] group = new int[all.size()];
        Arrays.setAll(group, i -> i);
        for (int i = 0; i < group.length; i++) {
            for (int j = 0; j < i; j++) {
                if (group[i] != group[j] && areOne(all.get(i), all.get(j))) {
                    int from = group[i];
                    int to = group[j];
                    Arrays.setAll(group, k -> group[k] == from ? to : group[k]);
                }
            }
        }
        List<List<Sighting>> groups = new ArrayList<>();
        all.forEach(_ -> groups.add(new ArrayList<>()));
        for (int i = 0; i < group.length; i++) {
            groups.get(group[i]).add(all.get(i));
        }
        return groups.stream()
                .filter(some -> !some.isEmpty())
                .map(JointIncident::new)
                .sorted((one, other) -> Sighting.ORDER.compare(
                        other.sightings().getFirst(), one.sightings().getFirst()))
                .toList();
    }

    private static List<Sighting> eachOnce(Collection<Sighting> told) {
        List<Sighting> sorted = told.stream()
                .sorted(Sighting.ORDER.thenComparing(
                        sighting -> sighting.incident(),
                        Comparator.comparingLong(Incident::changedAt).reversed().thenComparing(Incident::toString)))
                .toList();
        List<Sighting> once = new ArrayList<>();
        for (Sighting each : sorted) {
            if (once.isEmpty() || !once.getLast().sameAs(each)) {
                once.add(each);
            }
        }
        return once;
    }

    private static boolean areOne(Sighting one, Sighting other) {
        return !one.node().equals(other.node())
                && one.openWith(other)
                && about(one.incident()).stream().anyMatch(about(other.incident())::contains);
    }

    private static Set<String> about(Incident incident) {
        Set<String> causes = new HashSet<>(List.of(incident.cause().split(" ")));
        causes.removeAll(OWN);
        return causes;
    }
}

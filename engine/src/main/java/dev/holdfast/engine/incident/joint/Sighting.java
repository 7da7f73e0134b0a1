package dev.holdfast.engine.incident.joint;

import dev.holdfast.engine.incident.Incident;
import java.util.Comparator;

/**
 * An incident as one node recorded it, by its own clock.
 *
 * @param node what it is called; no two are called alike
 */
public record Sighting(String node, Incident incident) {
    /** Whoever noticed first comes first. */
    static final Comparator<Sighting> ORDER = Comparator.comparingLong(
                    (Sighting sighting) -> sighting.incident.openedAt())
            .thenComparing(Sighting::node)
            .thenComparing(sighting -> sighting.incident.id());

    boolean sameAs(Sighting other) {
        return node.equals(other.node) && incident.id().equals(other.incident.id());
    }

    boolean openWith(Sighting other) {
        return incident.openedAt() <= end(other.incident) && other.incident.openedAt() <= end(incident);
    }

    private static long end(Incident incident) {
        return incident.open() ? Long.MAX_VALUE : incident.closedAt();
    }
}

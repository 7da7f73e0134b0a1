package dev.holdfast.engine.incident.joint;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is taken for one thing, as each node that noticed it recorded it. Times are in milliseconds since the Unix epoch, each by the
 * clock of the node that it comes from.
 *
 * @param sightings at least one, that of who noticed first at the beginning; a node has several when it was over for it in between
 */
public record JointIncident(List<Sighting> sightings) {
    public JointIncident {
        sightings = sightings.stream().sorted(Sighting.ORDER).toList();
    }

    /** Those that noticed it, in the order in which they did. */
    public List<String> nodes() {
        return sightings.stream().map(Sighting::node).distinct().toList();
    }

    private List<Incident> incidents() {
        return sightings.stream().map(Sighting::incident).toList();
    }

    /** Whether it is at any of them. */
    public boolean open() {
        return incidents().stream().anyMatch(Incident::open);
    }

    /** The worst that it is anywhere now; of a closed one, the worst of the last. */
    public Severity severity() {
        Predicate<Incident> counts = open() ? Incident::open : _ -> true;
        return worst(incidents().stream().filter(counts).map(Incident::severity).toList());
    }

    /** The worst that it has been anywhere. */
    public Severity worst() {
        return worst(incidents().stream().map(Incident::worst).toList());
    }

    private static Severity worst(List<Severity> some) {
        return some.stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    public long openedAt() {
        return sightings.getFirst().incident().openedAt();
    }

    /** When it was closed at the last of them; 0 while it is open. */
    public long closedAt() {
        return open()
                ? 0
                : incidents().stream().mapToLong(Incident::closedAt).max().orElseThrow();
    }

    /** In the words of who noticed first. */
    public String title() {
        return sightings.getFirst().incident().title();
    }
}

package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.TimelineEntry;
import java.util.List;
import java.util.Map;

/**
 * All that a report of an incident is made from. What people and providers have written in it may be anything.
 *
 * @param timeline the oldest first
 * @param series the oldest first
 * @param namespaces by id, those that were hurt and are still there
 * @param node its name
 * @param version of the server that makes the report
 * @param madeAt when, in milliseconds since the Unix epoch
 */
public record CaseFile(
        Incident incident,
        List<TimelineEntry> timeline,
        List<Sample> series,
        Map<String, Affected> namespaces,
        String node,
        String version,
        long madeAt) {

    /**
     * A namespace that was hurt.
     *
     * @param neededBy titles of the namespaces that are set to need it
     */
    public record Affected(String title, List<String> neededBy) {}

    /** Its title in quotation marks; its id where it is gone. */
    String named(String namespace) {
        Affected affected = namespaces.get(namespace);
        return affected == null ? namespace + " (deleted since)" : "\"" + affected.title() + "\"";
    }

    /** When it was over, or when this was written. */
    long end() {
        return incident.open() ? madeAt : incident.closedAt();
    }
}

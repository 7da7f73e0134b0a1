package dev.holdfast.engine.incident.notice;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;

/**
 * What somebody was told of an incident last.
 *
 * @param changedAt of the incident as it was told, in milliseconds since the Unix epoch; 0 when it was tried and nothing has been told yet
 */
public record Told(long changedAt, boolean open, Severity severity, Severity worst) {
    static Told of(Incident incident) {
        return new Told(incident.changedAt(), incident.open(), incident.severity(), incident.worst());
    }

    /** That it is to be told, and was not yet. */
    static Told nothing(Incident incident) {
        return new Told(0, incident.open(), incident.severity(), incident.worst());
    }

    boolean anything() {
        return changedAt != 0;
    }
}

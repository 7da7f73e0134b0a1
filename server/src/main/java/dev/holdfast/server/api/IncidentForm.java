package dev.holdfast.server.api;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An incident as JSON, as the admin API answers it and webhooks are sent it. Thread-safe. */
public record IncidentForm(Namespaces namespaces) {
    public ObjectNode of(Incident incident) {
        ObjectNode form = Json.object()
                .put("id", incident.id())
                .put("cause", incident.cause())
                .put("title", incident.title())
                .put("severity", incident.severity().name())
                .put("worst", incident.worst().name())
                .put("opened_at", incident.openedAt())
                .put("changed_at", incident.changedAt());
        if (!incident.open()) {
            form.put("closed_at", incident.closedAt());
        }
        form.put("reopened", incident.reopened());
        ArrayNode alarms = form.putArray("alarms");
        for (Alarm alarm : incident.alarms()) {
            ObjectNode each = alarms.addObject()
                    .put("kind", alarm.kind().label())
                    .put("subject", alarm.subject())
                    .put("evidence", alarm.evidence())
                    .put("since", alarm.since());
            if (!alarm.on()) {
                each.put("until", alarm.until());
            }
        }
        ArrayNode impact = form.putArray("impact");
        for (Impact each : incident.impact()) {
            impact.addObject()
                    .put("namespace", each.namespace())
                    .put("title", title(each.namespace()))
                    .put("tier", each.tier())
                    .put("requests", each.requests())
                    .put("refused", each.refused())
                    .put("stale", each.stale())
                    .put("slow", each.slow())
                    .put("worst_share", each.worstShare());
        }
        return form;
    }

    /** Its name now; empty for one that is gone. */
    public String title(String namespace) {
        return namespaces
                .find(NamespaceId.parse(namespace))
                .map(Namespace::title)
                .orElse("");
    }
}

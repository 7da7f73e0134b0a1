package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/incidents}: what is or was wrong at this node. Needs no provider and no other node. */
final class IncidentCalls {
    private static final int BODY_BYTES = 16 * 1024;
    private static final int MOST_TEXT = 1_000;

    private final Incidents incidents;
    private final Namespaces namespaces;
    private final AuditLog audit;

    IncidentCalls(Incidents incidents, Namespaces namespaces, AuditLog audit) {
        this.incidents = incidents;
        this.namespaces = namespaces;
        this.audit = audit;
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("incidents");
        incidents.all().forEach(incident -> list.add(form(incident)));
        Json.answer(call, 200, body);
    }

    void one(Call call, String id) throws ApiError {
        StatusCalls.requireGet(call);
        Incident incident = find(id);
        ObjectNode form = form(incident);
        try {
            ArrayNode timeline = form.putArray("timeline");
            for (TimelineEntry entry : incidents.timeline(id)) {
                timeline.addObject()
                        .put("at", entry.at())
                        .put("who", entry.who())
                        .put("kind", entry.kind().label())
                        .put("what", entry.what());
            }
            ArrayNode series = form.putArray("series");
            for (Sample sample : incidents.series(id)) {
                series.add(form(sample));
            }
        } catch (LocalStoreFault fault) {
            throw new ApiError(
                    503, "local-disk", "This node's disk does not give the incident's timeline: " + fault.getMessage());
        }
        Json.answer(call, 200, form);
    }

    /** Who is at work on it writes down what they see and do outside of this store. */
    void notes(Call call, Grant grant, String id) throws ApiError, BodyFault {
        if (!call.method().equals("POST")) {
            throw ApiError.method(call, "POST");
        }
        Fields fields = Fields.of(call.body(BODY_BYTES));
        String text = fields.text("text");
        fields.noOthers();
        if (text.isBlank() || text.length() > MOST_TEXT) {
            throw Fields.bad("text", "must have 1 to " + MOST_TEXT + " characters");
        }
        find(id);
        // The timeline has it from the audit log, with the name of the token.
        audit.write(AuditEntry.of(call, grant, Action.INCIDENT_NOTE, id + ": " + text, AuditEntry.DONE));
        Json.answer(call, 200, form(find(id)));
    }

    private Incident find(String id) throws ApiError {
        return incidents
                .find(id)
                .orElseThrow(
                        () -> new ApiError(404, "incident-not-found", "There is no incident \"" + id + "\" here."));
    }

    private ObjectNode form(Incident incident) {
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

    private ObjectNode form(Sample sample) {
        ObjectNode form = Json.object().put("at", sample.at()).put("seconds", sample.seconds());
        flows(form.putArray("tiers"), sample.tiers());
        flows(form.putArray("namespaces"), sample.namespaces());
        ArrayNode providers = form.putArray("providers");
        for (Sample.ProviderPoint provider : sample.providers()) {
            providers
                    .addObject()
                    .put("name", provider.name())
                    .put("state", provider.state())
                    .put("hints", provider.hints())
                    .put("faults", provider.faults())
                    .put("read_us", provider.readMicros());
        }
        return form.put("hints", sample.hints())
                .put("oldest_hint_age_ms", sample.oldestHintMillis())
                .put("divergent", sample.divergent());
    }

    private void flows(ArrayNode list, List<Sample.Flow> flows) {
        for (Sample.Flow flow : flows) {
            ObjectNode form = list.addObject();
            if (!flow.namespace().isEmpty()) {
                form.put("namespace", flow.namespace()).put("title", title(flow.namespace()));
            }
            form.put("tier", flow.tier())
                    .put("requests", flow.requests())
                    .put("refused", flow.refused())
                    .put("stale", flow.stale())
                    .put("slow", flow.slow())
                    .put("p99_us", flow.p99Micros());
        }
    }

    /** Its name now; empty for one that is gone. */
    private String title(String namespace) {
        return namespaces
                .find(NamespaceId.parse(namespace))
                .map(found -> found.title())
                .orElse("");
    }
}

package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.IncidentForm;
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

    private final String node;
    private final Incidents incidents;
    private final IncidentForm form;
    private final AuditLog audit;

    /** @param node its name */
    IncidentCalls(String node, Incidents incidents, Namespaces namespaces, AuditLog audit) {
        this.node = node;
        this.incidents = incidents;
        this.form = new IncidentForm(namespaces);
        this.audit = audit;
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        // Who asks several nodes must know two addresses of one for what they are.
        ObjectNode body = Json.object().put("node", node);
        ArrayNode list = body.putArray("incidents");
        incidents.all().forEach(incident -> list.add(form.of(incident)));
        Json.answer(call, 200, body);
    }

    void one(Call call, String id) throws ApiError {
        StatusCalls.requireGet(call);
        Incident incident = find(id);
        ObjectNode body = form.of(incident);
        try {
            ArrayNode timeline = body.putArray("timeline");
            for (TimelineEntry entry : incidents.timeline(id)) {
                timeline.addObject()
                        .put("at", entry.at())
                        .put("who", entry.who())
                        .put("kind", entry.kind().label())
                        .put("what", entry.what());
            }
            ArrayNode series = body.putArray("series");
            for (Sample sample : incidents.series(id)) {
                series.add(form(sample));
            }
        } catch (LocalStoreFault fault) {
            throw diskFails(fault);
        }
        Json.answer(call, 200, body);
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
        Json.answer(call, 200, form.of(find(id)));
    }

    static ApiError diskFails(LocalStoreFault fault) {
        return new ApiError(
                503, "local-disk", "This node's disk does not give the incident's timeline: " + fault.getMessage());
    }

    private Incident find(String id) throws ApiError {
        return find(incidents, id);
    }

    static Incident find(Incidents incidents, String id) throws ApiError {
        return incidents
                .find(id)
                .orElseThrow(
                        () -> new ApiError(404, "incident-not-found", "There is no incident \"" + id + "\" here."));
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
            ObjectNode each = list.addObject();
            if (!flow.namespace().isEmpty()) {
                each.put("namespace", flow.namespace()).put("title", form.title(flow.namespace()));
            }
            each.put("tier", flow.tier())
                    .put("requests", flow.requests())
                    .put("refused", flow.refused())
                    .put("stale", flow.stale())
                    .put("slow", flow.slow())
                    .put("p99_us", flow.p99Micros());
        }
    }
}

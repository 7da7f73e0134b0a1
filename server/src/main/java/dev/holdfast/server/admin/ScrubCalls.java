package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.ScrubStatus;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import dev.holdfast.engine.replication.ScrubStatus.DamagedKey;
import dev.holdfast.engine.replication.ScrubStatus.ProviderPass;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/scrub}: reading every record of every provider in full, now. */
final class ScrubCalls {
    private final Node node;
    private final AuditLog audit;

    ScrubCalls(Node node, AuditLog audit) {
        this.node = node;
        this.audit = audit;
    }

    void answer(Call call, Grant grant) throws ApiError {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form());
            case "POST" -> {
                node.requireOrigin().scrubNow();
                audit.write(AuditEntry.of(call, grant, Action.SCRUB, "all providers", "begun"));
                Json.answer(call, 202, form());
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private ObjectNode form() throws ApiError {
        ScrubStatus status = node.requireOrigin().scrubbing();
        ObjectNode form = summary(status);
        ArrayNode providers = form.putArray("providers");
        status.providers().forEach(pass -> providers.add(pass(pass)));
        ArrayNode damaged = form.putArray("damaged");
        status.damaged().forEach(one -> damaged.add(damaged(one)));
        return form;
    }

    /** What is in {@code /v1/status} as well. */
    static ObjectNode summary(ScrubStatus status) {
        ObjectNode form = Json.object().put("running", status.running());
        form.set("since_start", counts(status.counts()));
        return form.put("unrepaired", status.damaged().size()).put("beyond_repair", status.beyondRepair());
    }

    private static ObjectNode pass(ProviderPass pass) {
        ObjectNode form = Json.object()
                .put("provider", pass.provider())
                .put("doing", pass.doing())
                .put("begun_at", CompareCalls.at(pass.begunAt()))
                .put("ended_at", CompareCalls.at(pass.endedAt()))
                .put("expected_keys", pass.expectedKeys())
                .put("left_ms", pass.leftMillis());
        form.set("counts", counts(pass.counts()));
        return form;
    }

    private static ObjectNode counts(Counts counts) {
        return Json.object()
                .put("keys", counts.keys())
                .put("bytes", counts.bytes())
                .put("damaged", counts.damaged())
                .put("repaired", counts.repaired());
    }

    private static ObjectNode damaged(DamagedKey one) {
        return Json.object()
                .put("provider", one.provider())
                .put("namespace", one.namespace().toString())
                .put("key", one.key().toString())
                .put("version", one.version().toString())
                .put("beyond_repair", one.beyondRepair())
                .put("found_at", one.foundAt());
    }
}

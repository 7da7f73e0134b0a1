package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.engine.replication.StoreStatus.Counters;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/compare}: comparing all providers, now. */
final class CompareCalls {
    private final Node node;
    private final AuditLog audit;

    CompareCalls(Node node, AuditLog audit) {
        this.node = node;
        this.audit = audit;
    }

    void answer(Call call, Grant grant) throws ApiError {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form());
            case "POST" -> {
                node.store().compareNow();
                audit.write(AuditEntry.of(call, grant, Action.COMPARE, "all providers", "begun"));
                Json.answer(call, 202, form());
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private ObjectNode form() {
        Comparing pass = node.store().comparing();
        Counters counters = node.store().status().counters();
        return Json.object()
                .put("running", pass.running())
                .put("compared", counters.compared())
                .put("divergent", counters.divergent())
                .put("finished_at", pass.finishedAt() == 0 ? null : (Long) pass.finishedAt());
    }
}

package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import org.jspecify.annotations.Nullable;
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
            case "GET" -> {
                Comparing now = node.requireOrigin().comparing();
                Json.answer(call, 200, form(now, now.next()));
            }
            case "POST" -> {
                long first = node.requireOrigin().compareNow();
                audit.write(AuditEntry.of(call, grant, Action.COMPARE, "all providers", "begun"));
                Json.answer(call, 202, form(node.requireOrigin().comparing(), first));
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    /** @param next of a pass that may have begun since it was asked for, so that it is told from the one before */
    private static ObjectNode form(Comparing comparing, long next) {
        ObjectNode form = Json.object();
        form.put("running", comparing.running());
        form.put("completed", comparing.completed());
        form.put("next", next);
        form.put("finished_at", at(comparing.finishedAt()));
        form.set("pass", pass(comparing.pass()));
        return form;
    }

    private static @Nullable ObjectNode pass(@Nullable ComparisonPass pass) {
        if (pass == null) {
            return null;
        }
        ObjectNode form = Json.object();
        pass.providers().forEach(form.putArray("providers")::add);
        return form.put("compared", pass.compared())
                .put("divergent", pass.divergent())
                .put("repaired", pass.repaired())
                .put("requests", pass.requests())
                .put("bytes_read", pass.bytesRead())
                .put("begun_at", pass.begunAt())
                .put("ended_at", at(pass.endedAt()))
                .put("complete", pass.complete());
    }

    /** A time in an answer: 0 is null. */
    static @Nullable Long at(long millis) {
        return millis == 0 ? null : (Long) millis;
    }
}

package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.kv.Namespace;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/gates}: what namespaces may do now at this node. Needs no provider and no other node. */
final class GateCalls {
    private static final int BODY_BYTES = 16 * 1024;
    private static final int MOST_WHY = 1_000;

    private final Gates gates;
    private final Namespaces namespaces;
    private final String account;
    private final AuditLog audit;

    GateCalls(Gates gates, Namespaces namespaces, String account, AuditLog audit) {
        this.gates = gates;
        this.namespaces = namespaces;
        this.account = account;
        this.audit = audit;
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("gates");
        for (Namespace namespace : namespaces.list(account, false)) {
            list.add(form(namespace));
        }
        Json.answer(call, 200, body);
    }

    void one(Call call, Grant grant, String named) throws ApiError, BodyFault {
        Namespace namespace = namespace(named);
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form(namespace));
            case "PUT" -> {
                Fields fields = Fields.of(call.body(BODY_BYTES));
                Gate gate = gate(fields.text("gate"));
                String why = fields.textOrNull("why");
                fields.noOthers();
                set(call, grant, namespace, gate, why == null ? "" : why);
            }
            default -> throw ApiError.method(call, "GET, PUT");
        }
    }

    private void set(Call call, Grant grant, Namespace namespace, Gate gate, String why) throws ApiError {
        if (why.length() > MOST_WHY) {
            throw Fields.bad("why", "must not have more than " + MOST_WHY + " characters");
        }
        Gates.Changed changed = gates.set(namespace.id(), gate, "token " + grant.tokenId(), why);
        String outcome = changed.notKept() == null ? AuditEntry.DONE : "until the next start: " + changed.notKept();
        audit.write(AuditEntry.of(
                call,
                grant,
                Action.GATE_SET,
                namespace.id() + " to " + gate + (why.isEmpty() ? "" : ": " + why),
                outcome));
        Json.answer(call, 200, form(namespace).put("kept", changed.notKept() == null));
    }

    private static Gate gate(String text) throws ApiError {
        try {
            return Gate.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-field", String.valueOf(e.getMessage()));
        }
    }

    private Namespace namespace(String named) throws ApiError {
        return namespaces
                .called(account, named)
                .orElseThrow(
                        () -> new ApiError(404, "namespace-not-found", "There is no namespace \"" + named + "\"."));
    }

    private ObjectNode form(Namespace namespace) {
        ObjectNode form = Json.object()
                .put("namespace", namespace.id().toString())
                .put("title", namespace.title())
                .put("tier", namespace.policy().tier());
        Gates.Setting setting = gates.setting(namespace.id()).orElse(null);
        if (setting == null) {
            return form.put("gate", Gate.OPEN.toString());
        }
        return form.put("gate", setting.gate().toString())
                .put("by", setting.by())
                .put("why", setting.why())
                .put("since", setting.at());
    }
}

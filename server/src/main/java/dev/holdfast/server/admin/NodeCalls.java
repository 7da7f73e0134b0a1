package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.engine.replication.Nodes.Removed;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/nodes}: the nodes over the same providers, and the removal of one that is gone for good. */
final class NodeCalls {
    private final Node node;
    private final AuditLog audit;

    NodeCalls(Node node, AuditLog audit) {
        this.node = node;
        this.audit = audit;
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        Nodes.Listed listed = node.requireOrigin().nodes().list();
        ObjectNode body = Json.object();
        ArrayNode nodes = body.putArray("nodes");
        listed.nodes().forEach(view -> nodes.add(form(view)));
        Json.answer(call, 200, body.put("complete", listed.complete()));
    }

    private static ObjectNode form(Nodes.View view) {
        ObjectNode form = Json.object()
                .put("name", view.name())
                .put("self", view.self())
                .put("silent", view.silent())
                .put("seen", view.seen() == 0 ? null : (Long) view.seen())
                .put(
                        "watermark",
                        view.watermark() == null ? null : view.watermark().toString());
        ArrayNode marks = form.putArray("marks");
        view.marks().forEach(marks::add);
        return form;
    }

    void one(Call call, Grant grant, String name) throws ApiError {
        if (!call.method().equals("DELETE")) {
            throw ApiError.method(call, "DELETE");
        }
        switch (node.requireOrigin().nodes().remove(name)) {
            case Removed.Done(var compared) -> {
                audit.write(AuditEntry.of(call, grant, Action.NODE_REMOVE, name, AuditEntry.DONE));
                ObjectNode body = Json.object().put("removed", name);
                ArrayNode marks = body.putArray("compared");
                compared.forEach(marks::add);
                Json.answer(call, 200, body);
            }
            case Removed.NotKept(String why) -> {
                audit.write(AuditEntry.of(call, grant, Action.NODE_REMOVE, name, "not kept: " + why));
                throw new ApiError(503, "not-kept", why + " Try again later; the same again is safe.");
            }
            case Removed.Unknown() ->
                throw new ApiError(404, "node-not-found", "There is no node \"" + name + "\"; see GET /v1/nodes.");
            case Removed.Itself() ->
                throw new ApiError(
                        409, "node-itself", "This is node " + name + " itself, which runs. Ask another node.");
            case Removed.Running(long agoMillis) ->
                throw new ApiError(
                        409,
                        "node-running",
                        "Node " + name + " was heard of " + agoMillis / 1000
                                + " s ago. Stop it, and try again a minute after that.");
        }
    }
}

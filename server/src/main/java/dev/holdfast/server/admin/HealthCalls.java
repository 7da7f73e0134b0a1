package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.Call;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /healthz}: the process answers. {@code /readyz}: it can serve reads and writes. */
final class HealthCalls {
    private final Node node;

    HealthCalls(Node node) {
        this.node = node;
    }

    void alive(Call call) throws ApiError {
        requireRead(call);
        Json.answer(call, 200, Json.object().put("status", "ok"));
    }

    void ready(Call call) throws ApiError {
        requireRead(call);
        List<String> against = against();
        ObjectNode body = Json.object().put("status", against.isEmpty() ? "ready" : "not-ready");
        ArrayNode reasons = body.putArray("reasons");
        against.forEach(reasons::add);
        Json.answer(call, against.isEmpty() ? 200 : 503, body);
    }

    private List<String> against() {
        List<String> against = new ArrayList<>();
        if (!node.serving().getAsBoolean()) {
            against.add("The server is starting or stopping.");
        }
        node.origin().flatMap(ReplicatedStore::removed).ifPresent(against::add);
        StoreStatus status = node.near().status();
        if (status.providers().stream().noneMatch(provider -> provider.state() == ProviderState.CURRENT)) {
            against.add("No provider is current.");
        }
        return against;
    }

    private static void requireRead(Call call) throws ApiError {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            throw ApiError.method(call, "GET, HEAD");
        }
    }
}

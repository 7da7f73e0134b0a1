package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.notice.DeliveryStatus;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.webhook.Webhooks;
import dev.holdfast.server.webhook.Webhooks.Webhook;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/webhooks}: who is told of incidents, and how it goes with them. */
final class WebhookCalls {
    private final Webhooks webhooks;
    private final AuditLog audit;

    WebhookCalls(Webhooks webhooks, AuditLog audit) {
        this.webhooks = webhooks;
        this.audit = audit;
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        ObjectNode body = Json.object();
        body.set("webhooks", form(webhooks));
        Json.answer(call, 200, body);
    }

    void test(Call call, Grant grant, String name) throws ApiError {
        if (!call.method().equals("POST")) {
            throw ApiError.method(call, "POST");
        }
        Webhook webhook = webhooks.named(name)
                .orElseThrow(() -> new ApiError(404, "webhook-not-found", "There is no webhook \"" + name + "\"."));
        Optional<String> problem = sent(webhook);
        audit.write(AuditEntry.of(call, grant, Action.WEBHOOK_TEST, name, problem.orElse(AuditEntry.DONE)));
        ObjectNode body = Json.object().put("delivered", problem.isEmpty());
        problem.ifPresent(why -> body.put("problem", why));
        Json.answer(call, 200, body);
    }

    private static Optional<String> sent(Webhook webhook) throws ApiError {
        try {
            return webhook.test();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ApiError(503, "stopping", "The server is stopping.");
        }
    }

    static ArrayNode form(Webhooks webhooks) {
        ArrayNode list = Json.array();
        for (Webhook webhook : webhooks.all()) {
            DeliveryStatus status = webhook.status();
            ObjectNode form = list.addObject()
                    .put("name", status.name())
                    .put("form", webhook.config().formLabel())
                    // The path may be a secret.
                    .put("to", webhook.config().shown())
                    .put("least_severity", webhook.config().least().name())
                    .put("delivered", status.delivered())
                    .put("failed", status.failed())
                    .put("given_up", status.givenUp())
                    .put("waiting", status.waiting());
            if (status.deliveredAt() != 0) {
                form.put("delivered_at", status.deliveredAt());
            }
            if (!status.problem().isEmpty()) {
                form.put("problem", status.problem());
            }
        }
        return list;
    }
}

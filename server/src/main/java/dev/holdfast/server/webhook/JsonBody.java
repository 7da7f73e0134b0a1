package dev.holdfast.server.webhook;

import dev.holdfast.engine.incident.notice.Notice;
import dev.holdfast.engine.incident.notice.Told;
import dev.holdfast.server.api.IncidentForm;
import dev.holdfast.server.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object for each notice: the incident as the admin API shows it, why this is sent, and what was told before.
 *
 * @param node the name of this node
 */
record JsonBody(IncidentForm form, String node) implements Body {
    @Override
    public JsonNode of(Notice notice, long wall) {
        ObjectNode body = Json.object()
                .put("event", notice.event().label())
                .put("node", node)
                .put("sent_at", wall);
        Told before = notice.before();
        if (before != null) {
            body.putObject("before")
                    .put("open", before.open())
                    .put("severity", before.severity().name())
                    .put("worst", before.worst().name())
                    .put("changed_at", before.changedAt());
        }
        body.set("incident", form.of(notice.incident()));
        return body;
    }
}

package dev.holdfast.server.webhook;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.notice.Notice;
import dev.holdfast.engine.incident.notice.Notice.Event;
import dev.holdfast.engine.incident.notice.Told;
import dev.holdfast.server.api.Json;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Alerts as {@code POST /api/v2/alerts} of an Alertmanager takes them. There an alert is its labels, so they hold only what stays: the
 * incident, the node, and the worst severity so far. When that gets worse the alert of the milder one is resolved in the same call. An alert
 * that is open ends by itself after {@link #LIFE_MILLIS} unless it is sent again: a node that is gone must not keep people awake.
 *
 * @param node the name of this node
 * @param admin the address of its admin port
 */
record AlertsBody(String node, Supplier<String> admin) implements Body {
    /** As Prometheus does it: four times what passes until it is sent again. */
    static final long REPEAT_MILLIS = 60_000;

    private static final long LIFE_MILLIS = 4 * REPEAT_MILLIS;
    private static final String NAME = "HoldfastIncident";
    private static final String TEST_NAME = "HoldfastTest";

    @Override
    public JsonNode of(Notice notice, long wall) {
        ArrayNode alerts = Json.array();
        Incident incident = notice.incident();
        Told before = notice.before();
        if (before != null && before.worst() != incident.worst()) {
            alerts.add(alert(notice, before.worst(), wall));
        }
        long end = notice.event() == Event.CLOSED ? Math.min(incident.closedAt(), wall) : wall + LIFE_MILLIS;
        alerts.add(alert(notice, incident.worst(), end));
        return alerts;
    }

    private ObjectNode alert(Notice notice, Severity severity, long end) {
        Incident incident = notice.incident();
        ObjectNode alert = Json.object();
        alert.putObject("labels")
                .put("alertname", notice.event() == Event.TEST ? TEST_NAME : NAME)
                .put("incident", incident.id())
                .put("node", node)
                .put("severity", severity.name());
        alert.putObject("annotations")
                .put("summary", incident.title())
                .put("description", description(incident))
                .put("cause", incident.cause())
                .put("severity_now", incident.severity().name());
        return alert.put("startsAt", Instant.ofEpochMilli(incident.openedAt()).toString())
                // One that ends before it begins would be refused.
                .put(
                        "endsAt",
                        Instant.ofEpochMilli(Math.max(end, incident.openedAt())).toString())
                .put("generatorURL", admin.get() + "/v1/incidents/" + incident.id());
    }

    private static String description(Incident incident) {
        String hurt = incident.impact().isEmpty()
                ? "Nobody is hurt."
                : "Requests of " + incident.impact().size()
                        + (incident.impact().size() == 1 ? " namespace" : " namespaces") + " are or were hurt.";
        return incident.alarms().stream()
                .filter(Alarm::on)
                .map(Alarm::evidence)
                .collect(Collectors.joining(" ", "", " " + hurt))
                .strip();
    }
}

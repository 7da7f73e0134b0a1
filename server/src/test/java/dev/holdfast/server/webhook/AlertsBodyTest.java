package dev.holdfast.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.notice.Notice;
import dev.holdfast.engine.incident.notice.Notice.Event;
import dev.holdfast.engine.incident.notice.Told;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AlertsBodyTest {
    /** 26 November 2026, 17:45:02 UTC. */
    private static final long OPENED = 1_795_715_102_000L;

    private static final AlertsBody BODY = new AlertsBody("n1", () -> "http://127.0.0.1:4654");

    static Incident incident(long closedAt) {
        return new Incident(
                "20261126-174502",
                "provider:b",
                "Provider b is down: timeout",
                Severity.P2,
                Severity.P1,
                OPENED,
                OPENED,
                closedAt,
                0,
                List.of(new Alarm(AlarmKind.PROVIDER, "b", "Provider b is down: timeout.", OPENED, closedAt)),
                List.of());
    }

    private static JsonNode sent(Event event, Incident incident, Told before) {
        return BODY.of(new Notice(event, incident, before), OPENED + 10_000);
    }

    @Test
    void anAlertIsItsIncidentAndEndsByItselfUnlessItIsSentAgain() {
        JsonNode alerts = sent(Event.OPENED, incident(0), null);
        assertThat(alerts).hasSize(1);
        JsonNode alert = alerts.get(0);
        assertThat(alert.get("labels").toString())
                .isEqualTo("{\"alertname\":\"HoldfastIncident\",\"incident\":\"20261126-174502\",\"node\":\"n1\","
                        + "\"severity\":\"P1\"}");
        assertThat(alert.get("startsAt").asString()).isEqualTo("2026-11-26T17:45:02Z");
        assertThat(alert.get("endsAt").asString()).isEqualTo("2026-11-26T17:49:12Z");
        assertThat(alert.at("/annotations/summary").asString()).isEqualTo("Provider b is down: timeout");
        assertThat(alert.at("/annotations/severity_now").asString()).isEqualTo("P2");
        assertThat(alert.at("/annotations/description").asString())
                .isEqualTo("Provider b is down: timeout. Nobody is hurt.");
        assertThat(alert.get("generatorURL").asString())
                .isEqualTo("http://127.0.0.1:4654/v1/incidents/20261126-174502");
    }

    @Test
    void whatIsClosedIsResolved() {
        Told before = new Told(OPENED, true, Severity.P1, Severity.P1);
        JsonNode alerts = sent(Event.CLOSED, incident(OPENED + 9_000), before);
        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0).get("endsAt").asString()).isEqualTo("2026-11-26T17:45:11Z");
    }

    @Test
    void whatGetsWorseResolvesTheMilderAlert() {
        Told before = new Told(OPENED, true, Severity.P4, Severity.P4);
        JsonNode alerts = sent(Event.CHANGED, incident(0), before);
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(0).at("/labels/severity").asString()).isEqualTo("P4");
        assertThat(alerts.get(0).get("endsAt").asString()).isEqualTo("2026-11-26T17:45:12Z");
        assertThat(alerts.get(1).at("/labels/severity").asString()).isEqualTo("P1");
    }
}

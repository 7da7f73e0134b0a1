package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.webhook.Receiver;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class WebhookTest {
    @TempDir
    private Path data;

    private Map<String, String> settings(Receiver json, Receiver alerts) {
        return Map.of(
                "incidents.webhooks.json.url", json.url() + "/hook",
                "incidents.webhooks.alerts.url", alerts.url() + "/",
                "incidents.webhooks.alerts.form", "alertmanager");
    }

    @Test
    void whoIsConfiguredIsToldOfAnIncidentAndWhatDidNotArriveIsToldAfterARestart() throws Exception {
        try (Receiver json = new Receiver();
                Receiver alerts = new Receiver()) {
            alerts.status = 503;
            String incident;
            try (RunningServer server = new RunningServer(data, settings(json, alerts))) {
                server.fault("b", "error");
                JsonNode told = json.got.take().body();
                incident = told.at("/incident/id").asString();
                assertThat(told.get("event").asString()).isEqualTo("opened");
                assertThat(told.at("/incident/alarms/0/subject").asString()).isEqualTo("b");
                assertThat(told.at("/incident/title").asString()).startsWith("Provider b is");
                assertThat(alerts.got.take().path()).isEqualTo("/api/v2/alerts");
                RunningServer.await(() -> webhook(server, "alerts").has("problem"));
                assertThat(webhook(server, "alerts").get("problem").asString()).endsWith("answered with status 503");
                assertThat(webhook(server, "alerts").get("waiting").asLong()).isEqualTo(1);
                assertThat(webhook(server, "json").get("to").asString())
                        .as("without its path")
                        .isEqualTo(json.url());
                assertThat(server.admin("GET", "/metrics", null).text())
                        .contains("holdfast_webhook_delivered_total{webhook=\"json\"}")
                        .contains("holdfast_webhook_waiting{webhook=\"alerts\"} 1.0");
            }
            alerts.got.clear();
            alerts.status = 200;
            try (RunningServer _ = new RunningServer(data, settings(json, alerts))) {
                JsonNode alert = alerts.got.take().body().get(0);
                assertThat(alert.at("/labels/incident").asString()).isEqualTo(incident);
            }
        }
    }

    @Test
    void aTestIsSentAndItsFailureIsAnswered() throws Exception {
        try (Receiver json = new Receiver();
                Receiver alerts = new Receiver();
                RunningServer server = new RunningServer(data, settings(json, alerts))) {
            assertThat(server.admin("POST", "/v1/webhooks/json/test", "{}").text())
                    .isEqualTo("{\"delivered\":true}");
            assertThat(json.got.take().body().get("event").asString()).isEqualTo("test");
            assertThat(server.admin("POST", "/v1/webhooks/alerts/test", "{}").text())
                    .isEqualTo("{\"delivered\":true}");
            assertThat(alerts.got.take().body().at("/0/labels/alertname").asString())
                    .isEqualTo("HoldfastTest");
            json.status = 500;
            JsonNode failed =
                    server.admin("POST", "/v1/webhooks/json/test", "{}").json();
            assertThat(failed.get("delivered").asBoolean()).isFalse();
            assertThat(failed.get("problem").asString()).endsWith("answered with status 500");
            assertThat(server.admin("POST", "/v1/webhooks/none/test", "{}").code())
                    .isEqualTo("webhook-not-found");
        }
    }

    private static JsonNode webhook(RunningServer server, String name) {
        for (JsonNode each : server.adminQuietly("GET", "/v1/status").json().get("webhooks")) {
            if (each.get("name").asString().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no webhook " + name);
    }
}

package dev.holdfast.integration.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.HoldfastServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AlertmanagerTest {
    private static final Duration MOST = Duration.ofSeconds(150);

    @TempDir
    private Path directory;

    @Test
    void anAlertmanagerTakesWhatItIsSentAndSeesItsEnd() throws Exception {
        assumeTrue(Files.isExecutable(Alertmanager.BINARY), "prometheus-alertmanager is not installed");
        try (Alertmanager alertmanager = new Alertmanager(directory.resolve("alertmanager"));
                HoldfastServer origin = new HoldfastServer(directory.resolve("origin"))
                        .with(Map.of(
                                "HOLDFAST_INCIDENTS_WEBHOOKS_ALERTS_URL",
                                alertmanager.url(),
                                "HOLDFAST_INCIDENTS_WEBHOOKS_ALERTS_FORM",
                                "alertmanager"))) {
            origin.start();
            assertThat(origin.control()
                            .require(origin.control().send("POST", "/v1/webhooks/alerts/test", Json.object()))
                            .json()
                            .path("delivered")
                            .asBoolean(false))
                    .isTrue();
            await(alertmanager, alerts -> named(alerts, "HoldfastTest"));
            origin.control()
                    .require(origin.control()
                            .send("PUT", "/v1/providers/b/fault", Json.object().put("mode", "error")));
            List<JsonNode> alerts = await(alertmanager, found -> named(found, "HoldfastIncident"));
            assertThat(alerts).anySatisfy(alert -> {
                assertThat(alert.at("/labels/alertname").asString()).isEqualTo("HoldfastIncident");
                assertThat(alert.at("/annotations/summary").asString()).startsWith("Provider b is");
                assertThat(alert.at("/status/state").asString()).isEqualTo("active");
            });
            origin.control().require(origin.control().delete("/v1/providers/b/fault"));
            // It is closed after a minute in which nothing is wrong.
            await(alertmanager, found -> !named(found, "HoldfastIncident"));
        }
    }

    private static boolean named(List<JsonNode> alerts, String name) {
        return alerts.stream()
                .anyMatch(alert -> alert.at("/labels/alertname").asString().equals(name));
    }

    private static List<JsonNode> await(Alertmanager alertmanager, Predicate<List<JsonNode>> wanted)
            throws InterruptedException {
        return Awaiting.until(MOST, "it is told", alertmanager::firing, wanted);
    }
}

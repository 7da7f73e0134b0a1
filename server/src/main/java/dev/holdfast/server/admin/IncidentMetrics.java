package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Severity;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What is wrong, as metrics; read at each scrape. */
final class IncidentMetrics {
    private IncidentMetrics() {}

    static void register(PrometheusRegistry registry, Incidents incidents) {
        GaugeWithCallback.builder()
                .name("holdfast_incidents_open")
                .help("Incidents that are open, by severity.")
                .labelNames("severity")
                .callback(callback -> {
                    var open = incidents.open();
                    for (Severity severity : Severity.values()) {
                        long ofIt = open.stream()
                                .filter(incident -> incident.severity() == severity)
                                .count();
                        callback.call((double) ofIt, severity.name());
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("holdfast_incidents_opened")
                .help("Incidents opened since the start, those opened again included.")
                .callback(callback -> callback.call((double) incidents.opened()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("holdfast_incidents_not_kept")
                .help("1 while this node's disk does not take what is known of incidents.")
                .callback(callback -> callback.call(incidents.diskFails() ? 1 : 0))
                .register(registry);
    }
}

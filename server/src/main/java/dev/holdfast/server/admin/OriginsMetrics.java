package dev.holdfast.server.admin;

import dev.holdfast.client.transport.TransportStatistics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/** What an edge asks of its origins as metrics, its feeds not among it; read at each scrape. */
final class OriginsMetrics {
    private OriginsMetrics() {}

    static void register(PrometheusRegistry registry, Supplier<TransportStatistics> origins) {
        Figures figures = new Figures(registry, "holdfast_origins_");
        figures.counter(
                "calls", "Questions for the origins.", () -> origins.get().calls());
        figures.counter(
                "retries",
                "Requests sent again after one that failed or was late.",
                () -> origins.get().retries());
        figures.counter(
                "hedges",
                "Requests sent to a second origin since the first was slow.",
                () -> origins.get().hedges());
        figures.counter(
                "over_budget",
                "Retries and hedges that would have been too many.",
                () -> origins.get().overBudget());
        figures.counter(
                "failures",
                "Questions without a whole answer.",
                () -> origins.get().failures());
        figures.gauge(
                "down",
                "Origins that failed when last asked.",
                () -> origins.get().endpointsDown());
    }
}

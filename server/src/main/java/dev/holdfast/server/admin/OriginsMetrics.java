package dev.holdfast.server.admin;

import dev.holdfast.client.transport.TransportStatistics;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What an edge asks of its origins as metrics, its feeds not among it; read at each scrape. */
final class OriginsMetrics {
    private final PrometheusRegistry registry;
    private final Supplier<TransportStatistics> origins;

    private OriginsMetrics(PrometheusRegistry registry, Supplier<TransportStatistics> origins) {
        this.registry = registry;
        this.origins = origins;
    }

    static void register(PrometheusRegistry registry, Supplier<TransportStatistics> origins) {
        OriginsMetrics metrics = new OriginsMetrics(registry, origins);
        metrics.counter("calls", "Questions for the origins.", TransportStatistics::calls);
        metrics.counter(
                "retries", "Requests sent again after one that failed or was late.", TransportStatistics::retries);
        metrics.counter(
                "hedges", "Requests sent to a second origin since the first was slow.", TransportStatistics::hedges);
        metrics.counter(
                "over_budget", "Retries and hedges that would have been too many.", TransportStatistics::overBudget);
        metrics.counter("failures", "Questions without a whole answer.", TransportStatistics::failures);
        GaugeWithCallback.builder()
                .name("holdfast_origins_down")
                .help("Origins that failed when last asked.")
                .callback(callback -> callback.call(origins.get().endpointsDown()))
                .register(registry);
    }

    private void counter(String name, String help, ToLongFunction<TransportStatistics> value) {
        CounterWithCallback.builder()
                .name("holdfast_origins_" + name)
                .help(help)
                .callback(callback -> callback.call((double) value.applyAsLong(origins.get())))
                .register(registry);
    }
}

package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AdmissionStatus;
import dev.holdfast.engine.admission.AdmittedStore;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** What comes to the store, and what does not, as metrics; read at each scrape. */
final class AdmissionMetrics {
    private final PrometheusRegistry registry;
    private final Node node;

    private AdmissionMetrics(PrometheusRegistry registry, Node node) {
        this.registry = registry;
        this.node = node;
    }

    static void register(PrometheusRegistry registry, Node node) {
        AdmissionMetrics metrics = new AdmissionMetrics(registry, node);
        metrics.gauge("under_way", "Calls at the store.", AdmissionStatus::underWay);
        metrics.gauge("limit", "How many may be there at a time.", AdmissionStatus::limit);
        metrics.gauge("waiting", "Calls that wait for a turn.", AdmissionStatus::waiting);
        metrics.gauge(
                "recovering",
                "1 while the store is given no more than a multiple of what it has borne.",
                status -> status.recovering() ? 1 : 0);
        metrics.gauge("borne_per_second", "Calls a second that the store has borne.", AdmissionStatus::borne);
        metrics.counter(
                "waited",
                "Calls that have waited for a turn.",
                admitted -> admitted.admission().waited());
        metrics.counter("kept_out", "Calls that a gate has kept out.", AdmittedStore::keptOut);
        CounterWithCallback.builder()
                .name("holdfast_admission_shed")
                .help("Calls refused since there was too much to do, by tier.")
                .labelNames("tier")
                .callback(callback -> {
                    long[] shed = node.admitted().admission().shed();
                    for (int tier = 0; tier < shed.length; tier++) {
                        callback.call((double) shed[tier], Integer.toString(tier));
                    }
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("holdfast_gates_not_open")
                .help("Namespaces whose gate is not open.")
                .callback(callback -> callback.call(node.gates().notOpen()))
                .register(registry);
    }

    private void counter(String name, String help, ToDoubleFunction<AdmittedStore> value) {
        CounterWithCallback.builder()
                .name("holdfast_admission_" + name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(node.admitted())))
                .register(registry);
    }

    private void gauge(String name, String help, ToDoubleFunction<AdmissionStatus> value) {
        GaugeWithCallback.builder()
                .name("holdfast_admission_" + name)
                .help(help)
                .callback(callback ->
                        callback.call(value.applyAsDouble(node.admitted().admission())))
                .register(registry);
    }
}

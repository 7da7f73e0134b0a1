package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AdmissionStatus;
import dev.holdfast.engine.admission.AdmittedStore;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** What comes to the store, and what does not, as metrics; read at each scrape. */
final class AdmissionMetrics {
    private final Figures figures;
    private final AdmittedStore admitted;

    private AdmissionMetrics(PrometheusRegistry registry, AdmittedStore admitted) {
        this.figures = new Figures(registry, "holdfast_admission_");
        this.admitted = admitted;
    }

    static void register(PrometheusRegistry registry, AdmittedStore admitted) {
        AdmissionMetrics metrics = new AdmissionMetrics(registry, admitted);
        metrics.gauge("under_way", "Calls at the store.", AdmissionStatus::underWay);
        metrics.gauge("limit", "How many may be there at a time.", AdmissionStatus::limit);
        metrics.gauge("waiting", "Calls that wait for a turn.", AdmissionStatus::waiting);
        metrics.gauge(
                "recovering",
                "1 while the store is given no more than a multiple of what it has borne.",
                status -> status.recovering() ? 1 : 0);
        metrics.gauge("borne_per_second", "Calls a second that the store has borne.", AdmissionStatus::borne);
        metrics.figures.counter(
                "waited",
                "Calls that have waited for a turn.",
                () -> admitted.admission().waited());
        metrics.figures.counter("kept_out", "Calls that a gate has kept out.", admitted::keptOut);
        CounterWithCallback.builder()
                .name("holdfast_admission_shed")
                .help("Calls refused since there was too much to do, by tier.")
                .labelNames("tier")
                .callback(callback -> {
                    long[] shed = admitted.admission().shed();
                    for (int tier = 0; tier < shed.length; tier++) {
                        callback.call((double) shed[tier], Integer.toString(tier));
                    }
                })
                .register(registry);
        new Figures(registry, "holdfast_gates_")
                .gauge(
                        "not_open",
                        "Namespaces whose gate is not open.",
                        () -> admitted.gates().notOpen());
        RampMetrics.register(registry, admitted.ramp());
    }

    private void gauge(String name, String help, ToDoubleFunction<AdmissionStatus> value) {
        figures.gauge(name, help, () -> value.applyAsDouble(admitted.admission()));
    }
}

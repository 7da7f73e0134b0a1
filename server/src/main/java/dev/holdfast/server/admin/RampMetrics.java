package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.Ramp;
import dev.holdfast.engine.admission.RampEvent;
import dev.holdfast.engine.admission.RampStatus;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** The ramp that is under way, as metrics. */
final class RampMetrics {
    private final Figures figures;
    private final Ramp ramp;

    private RampMetrics(PrometheusRegistry registry, Ramp ramp) {
        this.figures = new Figures(registry, "holdfast_ramp_");
        this.ramp = ramp;
    }

    static void register(PrometheusRegistry registry, Ramp ramp) {
        RampMetrics metrics = new RampMetrics(registry, ramp);
        metrics.gauge("under_way", "1 while a ramp is under way, paused or not.", status -> 1);
        metrics.gauge(
                "paused", "1 while it is paused.", status -> status.phase().equals("paused") ? 1 : 0);
        metrics.gauge(
                "holding",
                "1 while it holds since a bound is broken.",
                status -> status.holding().isEmpty() ? 0 : 1);
        metrics.gauge("wave", "The number of the wave that is opening; 0 for none.", RampStatus::wave);
        metrics.gauge(
                "waves", "How many waves it has.", status -> status.waves().size());
        metrics.gauge(
                "share_percent",
                "Percent of the keys of that wave that are let in.",
                status -> status.waves().get(status.wave() - 1).share());
        Counter events = Counter.builder()
                .name("holdfast_ramp_events")
                .help("What ramps and people have decided, by kind.")
                .labelNames("kind")
                .register(registry);
        for (RampEvent.Kind kind : RampEvent.Kind.values()) {
            events.initLabelValues(kind.label());
        }
        ramp.listen(event -> events.labelValues(event.kind().label()).inc());
    }

    private void gauge(String name, String help, ToDoubleFunction<RampStatus> value) {
        figures.gauge(
                name,
                help,
                () -> ramp.status()
                        .filter(status -> !status.over())
                        .map(value::applyAsDouble)
                        .orElse(0.0));
    }
}

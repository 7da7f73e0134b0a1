package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.notice.DeliveryStatus;
import dev.holdfast.server.webhook.Webhooks;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** How it goes with those who are told of incidents, as metrics; read at each scrape. */
final class WebhookMetrics {
    private static final String LABEL = "webhook";

    private final PrometheusRegistry registry;
    private final Webhooks webhooks;

    private WebhookMetrics(PrometheusRegistry registry, Webhooks webhooks) {
        this.registry = registry;
        this.webhooks = webhooks;
    }

    static void register(PrometheusRegistry registry, Webhooks webhooks) {
        WebhookMetrics metrics = new WebhookMetrics(registry, webhooks);
        metrics.counter("delivered", "Notices of incidents that have arrived.", DeliveryStatus::delivered);
        metrics.counter("failed", "Attempts to deliver one that have failed.", DeliveryStatus::failed);
        metrics.counter("given_up", "Notices that were not tried any more.", DeliveryStatus::givenUp);
        GaugeWithCallback.builder()
                .name("holdfast_webhook_waiting")
                .help("Incidents of which something is still to be told.")
                .labelNames(LABEL)
                .callback(callback -> webhooks.all()
                        .forEach(webhook -> callback.call(
                                webhook.status().waiting(), webhook.status().name())))
                .register(registry);
    }

    private void counter(String name, String help, ToDoubleFunction<DeliveryStatus> value) {
        CounterWithCallback.builder()
                .name("holdfast_webhook_" + name)
                .help(help)
                .labelNames(LABEL)
                .callback(callback -> webhooks.all()
                        .forEach(webhook -> callback.call(
                                value.applyAsDouble(webhook.status()),
                                webhook.status().name())))
                .register(registry);
    }
}

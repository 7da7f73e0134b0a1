package dev.holdfast.server.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The certificate as metrics. */
final class TlsMetrics {
    private TlsMetrics() {}

    static void register(PrometheusRegistry registry, Certificate certificate) {
        GaugeWithCallback.builder()
                .name("holdfast_tls_certificate_not_after_seconds")
                .help("When the certificate that is presented expires, in seconds since 1970.")
                .callback(callback -> callback.call(certificate.state().expiresAt() / 1e3))
                .register(registry);
        CounterWithCallback.builder()
                .name("holdfast_tls_reloads")
                .help("Changes of the certificate's files, by whether they replaced what is presented.")
                .labelNames("outcome")
                .callback(callback -> {
                    Certificate.State state = certificate.state();
                    callback.call((double) state.replaced(), "replaced");
                    callback.call((double) state.refused(), "refused");
                })
                .register(registry);
    }
}

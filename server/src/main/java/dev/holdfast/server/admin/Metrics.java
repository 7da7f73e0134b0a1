package dev.holdfast.server.admin;

import dev.holdfast.client.transport.TransportStatistics;
import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.http.Call;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /metrics}, in the text format of Prometheus. Thread-safe. */
public final class Metrics {
    /** Methods that get a label of their own: a client must not be able to make labels up. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();
    private final Counter requests = Counter.builder()
            .name("holdfast_requests")
            .help("Requests answered, by door, method and status.")
            .labelNames("door", "method", "status")
            .register(registry);
    private final Histogram seconds = Histogram.builder()
            .name("holdfast_request_seconds")
            .help("From the head of a request to its answer, by door and method.")
            .labelNames("door", "method")
            .classicOnly()
            .classicUpperBounds(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);

    /** Adds what is read at each scrape. */
    public void show(Node node) {
        StoreMetrics.register(registry, node);
        CacheMetrics.register(registry, node.near());
        AdmissionMetrics.register(registry, node.admitted());
        new Figures(registry, "holdfast_quota_")
                .counter("refused", "Requests refused since a quota was used up.", node.quotas()::refused);
        IncidentMetrics.register(registry, node.incidents());
        WebhookMetrics.register(registry, node.webhooks());
        node.backups().ifPresent(backups -> BackupMetrics.register(registry, backups));
        ProcessMetrics.register(registry);
    }

    /** Adds what an edge has asked of its origins. */
    public void show(Supplier<TransportStatistics> origins) {
        OriginsMetrics.register(registry, origins);
    }

    /** Adds what is known of the certificate. */
    public void show(Certificate certificate) {
        TlsMetrics.register(registry, certificate);
    }

    /** Adds how many calls had to wait for a turn of their namespace. */
    public void show(Lanes lanes) {
        new Figures(registry, "holdfast_admission_")
                .counter("in_lanes", "Calls that have waited for the turn of their namespace.", lanes::waited);
        new Figures(registry, "holdfast_admission_")
                .counter("lanes_refused", "Calls that have waited for it in vain.", lanes::refused);
    }

    OfDoor of(String door) {
        return new OfDoor(door);
    }

    /** What is counted of one door. */
    final class OfDoor {
        private final String door;
        // Most are these, and to look a label up costs more than to count.
        private final CounterDataPoint goodGets;
        private final DistributionDataPoint secondsOfGets;

        private OfDoor(String door) {
            this.door = door;
            this.goodGets = requests.labelValues(door, "GET", "200");
            this.secondsOfGets = seconds.labelValues(door, "GET");
        }

        void count(Call call, long nanos) {
            String method = METHODS.contains(call.method()) ? call.method() : "other";
            boolean get = method.equals("GET");
            if (get && call.status() == 200) {
                goodGets.inc();
            } else {
                requests.labelValues(door, method, Integer.toString(call.status()))
                        .inc();
            }
            (get ? secondsOfGets : seconds.labelValues(door, method)).observe(nanos / 1e9);
        }
    }

    void answer(Call call) throws ApiError, IOException {
        StatusCalls.requireGet(call);
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        writer.write(out, registry.scrape());
        call.respond(200, writer.getContentType(), out.toByteArray());
    }
}

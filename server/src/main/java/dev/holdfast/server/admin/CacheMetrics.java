package dev.holdfast.server.admin;

import dev.holdfast.engine.edge.EdgeStatus;
import dev.holdfast.engine.edge.EdgeStatus.Counters;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.PinnedStatus;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToLongFunction;

/** The near cache as metrics, read at each scrape. */
final class CacheMetrics {
    private final PrometheusRegistry registry;
    private final Figures figures;
    private final NearStore near;

    private CacheMetrics(PrometheusRegistry registry, NearStore near) {
        this.registry = registry;
        this.figures = new Figures(registry, "holdfast_cache_");
        this.near = near;
    }

    static void register(PrometheusRegistry registry, NearStore near) {
        CacheMetrics metrics = new CacheMetrics(registry, near);
        metrics.counter("hits", "Reads answered from memory as the newest.", Counters::hits);
        metrics.counter("misses", "Reads asked for at the providers or origins.", Counters::misses);
        metrics.counter("updating", "Reads answered past their time while somebody was asked.", Counters::updating);
        metrics.counter("stale", "Reads answered with the last known good.", Counters::stale);
        metrics.counter("defaults", "Reads answered with the namespace's default.", Counters::defaults);
        metrics.counter("refused", "Reads that nobody could be asked for.", Counters::refused);
        metrics.counter("refreshes", "Values asked for again before their time was over.", Counters::refreshes);
        metrics.counter("contradictions", "Answers that knew less than the cache.", Counters::contradictions);
        metrics.counter("changes", "Changes heard through the feed.", Counters::changes);
        metrics.counter("gaps", "Gaps in the feed.", Counters::gaps);
        metrics.gauge("entries", "Values in memory.", EdgeStatus::entries);
        metrics.gauge("memory_bytes", "What they take.", EdgeStatus::memoryBytes);
        metrics.gauge("disk_bytes", "What the values on disk take.", EdgeStatus::diskBytes);
        metrics.pinned("keys", "Keys in the full copy of a pinned namespace.", PinnedStatus::keys);
        metrics.pinned("bytes", "What that copy takes in memory.", PinnedStatus::bytes);
        metrics.pinned("whole", "Whether it has everything and answers every read.", copy -> copy.whole() ? 1 : 0);
        new Figures(registry, "holdfast_pinned_")
                .counter(
                        "differences",
                        "Keys of pinned namespaces that a verification found to differ from the origins.",
                        () -> near.edge().counters().differences());
    }

    private void counter(String name, String help, ToLongFunction<Counters> value) {
        figures.counter(name, help, () -> value.applyAsLong(near.edge().counters()));
    }

    private void pinned(String name, String help, ToLongFunction<PinnedStatus> value) {
        GaugeWithCallback.builder()
                .name("holdfast_pinned_" + name)
                .help(help)
                .labelNames("namespace")
                .callback(callback -> {
                    for (PinnedStatus copy : near.pinned()) {
                        callback.call(
                                (double) value.applyAsLong(copy),
                                copy.namespace().toString());
                    }
                })
                .register(registry);
    }

    private void gauge(String name, String help, ToLongFunction<EdgeStatus> value) {
        figures.gauge(name, help, () -> value.applyAsLong(near.edge()));
    }
}

package dev.holdfast.client.metrics;

import dev.holdfast.client.Holdfast;
import dev.holdfast.client.Statistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** Registers what a client counts: {@code new HoldfastMetrics(client, Tags.empty()).bindTo(registry)}. */
public final class HoldfastMetrics implements MeterBinder {
    private final Holdfast client;
    private final Tags tags;

    /** @param tags for every meter, to tell several clients apart */
    public HoldfastMetrics(Holdfast client, Tags tags) {
        this.client = client;
        this.tags = tags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "calls", "calls of servers", s -> s.transport().calls());
        counter(registry, "retries", "requests sent again", s -> s.transport().retries());
        counter(
                registry,
                "hedges",
                "requests sent twice because of a slow answer",
                s -> s.transport().hedges());
        counter(
                registry,
                "hedges.won",
                "second answers that came first",
                s -> s.transport().hedgesWon());
        counter(
                registry,
                "over.budget",
                "retries and hedges not sent",
                s -> s.transport().overBudget());
        counter(
                registry,
                "failures",
                "requests without a whole answer",
                s -> s.transport().failures());
        gauge(
                registry,
                "endpoints.down",
                "servers that failed when last asked",
                s -> s.transport().endpointsDown());
        counter(registry, "cache.memory.hits", "found in memory", s -> s.cache().memoryHits());
        counter(registry, "cache.disk.hits", "found on disk", s -> s.cache().diskHits());
        counter(registry, "cache.misses", "not found near", s -> s.cache().misses());
        counter(
                registry,
                "cache.overtaken",
                "answers older than what was known",
                s -> s.cache().overtaken());
        counter(
                registry,
                "cache.disk.failures",
                "failures of the disk",
                s -> s.cache().diskFailures());
        gauge(
                registry,
                "cache.memory.bytes",
                "bytes kept in memory",
                s -> s.cache().memoryBytes());
        gauge(registry, "cache.disk.bytes", "bytes kept on disk", s -> s.cache().diskBytes());
        counter(registry, "reads.shared", "reads that waited for another one's answer", Statistics::shared);
        counter(registry, "reads.last.known.good", "reads answered without a server", Statistics::lastKnownGood);
        counter(registry, "watch.changes", "changes reported for the near cache", Statistics::changes);
        counter(registry, "watch.gaps", "times that changes may have been missed", Statistics::gaps);
    }

    private void counter(MeterRegistry registry, String name, String what, ToDoubleFunction<Statistics> value) {
        FunctionCounter.builder("holdfast.client." + name, client, c -> value.applyAsDouble(c.statistics()))
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<Statistics> value) {
        Gauge.builder("holdfast.client." + name, client, c -> value.applyAsDouble(c.statistics()))
                .description(what)
                .tags(tags)
                .register(registry);
    }
}

package dev.holdfast.server.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.DoubleSupplier;

/** The basics of the process, under the names that Prometheus' own clients use. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static void register(PrometheusRegistry registry) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        gauge(
                registry,
                "jvm_memory_used_bytes",
                "Heap in use.",
                () -> memory.getHeapMemoryUsage().getUsed());
        gauge(
                registry,
                "jvm_memory_max_bytes",
                "The most the heap may grow to.",
                () -> memory.getHeapMemoryUsage().getMax());
        gauge(
                registry,
                "jvm_threads_current",
                "Platform threads.",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
        gauge(
                registry,
                "process_uptime_seconds",
                "Since the start of the process.",
                () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        counter(
                registry,
                "jvm_gc_pause_seconds",
                "Time spent in garbage collection.",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                                .sum()
                        / 1e3);
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean richer) {
            counter(registry, "process_cpu_seconds", "Processor time used.", () -> richer.getProcessCpuTime() / 1e9);
        }
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private static void counter(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}

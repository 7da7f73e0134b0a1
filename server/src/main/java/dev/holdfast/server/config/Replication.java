package dev.holdfast.server.config;

import java.time.Duration;
import java.util.List;

/**
 * How the providers are made one store.
 *
 * @param deadline the longest a request waits for providers
 * @param probe how often a provider that is not current is probed
 * @param compare how often all providers are compared without any suspicion
 * @param skew how far ahead of this node's clock the versions of others may be
 */
public record Replication(Duration deadline, Duration probe, Duration compare, Duration skew) {
    static final Setting<Duration> DEADLINE = new Setting<>(
            "replication.deadline",
            Type.duration(Duration.ofMillis(50), Duration.ofMinutes(1)),
            "2s",
            "The longest a request waits for providers. Most of the time the deadline learned from each is far"
                    + " shorter.");
    static final Setting<Duration> PROBE = new Setting<>(
            "replication.probe-interval",
            Type.duration(Duration.ofMillis(50), Duration.ofMinutes(5)),
            "500ms",
            "How often a provider is probed, with jitter.");
    static final Setting<Duration> COMPARE = new Setting<>(
            "replication.compare-interval",
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "6h",
            "How often all providers are compared without any suspicion.");
    static final Setting<Duration> SKEW = new Setting<>(
            "replication.skew",
            Type.duration(Duration.ofMillis(1), Duration.ofMinutes(5)),
            "2s",
            "How far ahead of this node's clock the versions of other nodes may be; later ones are set aside.");
    static final List<Setting<?>> SETTINGS = List.of(DEADLINE, PROBE, COMPARE, SKEW);

    static Replication from(Values values) {
        return new Replication(values.get(DEADLINE), values.get(PROBE), values.get(COMPARE), values.get(SKEW));
    }
}

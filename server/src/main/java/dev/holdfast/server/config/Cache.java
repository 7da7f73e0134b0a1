package dev.holdfast.server.config;

import dev.holdfast.engine.edge.EdgeConfig;
import java.time.Duration;
import java.util.List;

/**
 * How answers are kept near.
 *
 * @param ttl for how long an answer is good enough for a client that does not say
 */
public record Cache(EdgeConfig edge, Duration ttl) {
    private static final Size LARGEST = new Size(1L << 50);

    static final Setting<Size> MEMORY = new Setting<>(
            "cache.memory",
            Type.size(new Size(1 << 20), LARGEST),
            "64MiB",
            "Memory for values that were read or written lately. One that takes more than an eighth of it is not kept"
                    + " there.");
    static final Setting<Size> DISK = new Setting<>(
            "cache.disk",
            Type.size(new Size(0), LARGEST),
            "1GiB",
            "Room below the data folder for the same, so that a node which starts while nobody can be asked has last"
                    + " known good values; 0B for none.");
    static final Setting<Duration> TTL = new Setting<>(
            "cache.ttl",
            Type.duration(Duration.ZERO, Duration.ofDays(365)),
            "60s",
            "For how long an answer is good enough, without asking the providers again, for a client that does not say."
                    + " Values are kept longer.");
    static final Setting<Duration> PATIENCE = new Setting<>(
            "cache.patience",
            Type.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            "250ms",
            "How long a read that has something to answer with waits for something newer.");
    static final Setting<Integer> REFRESHERS = new Setting<>(
            "cache.refreshers",
            Type.number(0, 10_000),
            "16",
            "How many values that are read often may be asked for again at a time before they are too old.");
    static final Setting<Size> PINNED = new Setting<>(
            "cache.pinned",
            Type.size(new Size(0), LARGEST),
            "256MiB",
            "Memory at an edge for the full copies of all pinned namespaces together, beside cache.memory. One that"
                    + " does not fit is read as if it were not pinned.");
    static final Setting<Duration> PINNED_VERIFY = new Setting<>(
            "cache.pinned-verify",
            Type.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "10m",
            "How often an edge compares each of these copies with the origins, key by key.");
    static final List<Setting<?>> SETTINGS = List.of(MEMORY, DISK, TTL, PATIENCE, REFRESHERS, PINNED, PINNED_VERIFY);

    static Cache from(Values values) {
        return new Cache(
                new EdgeConfig(
                        values.get(MEMORY).bytes(),
                        values.get(DISK).bytes(),
                        values.get(PATIENCE),
                        values.get(REFRESHERS),
                        values.get(PINNED).bytes(),
                        values.get(PINNED_VERIFY)),
                values.get(TTL));
    }
}

package dev.holdfast.server.config;

import dev.holdfast.engine.replication.RecoveryConfig;
import dev.holdfast.engine.replication.ReplicationConfig;
import java.time.Duration;
import java.util.List;

/** How the providers are made one store: {@link ReplicationConfig} from settings. */
final class Replication {
    private static final Type<Duration> REQUEST = Type.duration(Duration.ofMillis(50), Duration.ofMinutes(10));
    private static final Type<Duration> SHORT = Type.duration(Duration.ofMillis(1), Duration.ofMinutes(1));
    private static final Type<Duration> LONG = Type.duration(Duration.ofSeconds(1), Duration.ofDays(365));

    static final Setting<Duration> READ = new Setting<>(
            "replication.read-timeout", REQUEST, "5s", "The longest a read may take before it is answered with 503.");
    static final Setting<Duration> WRITE = new Setting<>(
            "replication.write-timeout",
            REQUEST,
            "5s",
            "The longest a write may take before its outcome is called unknown.");
    static final Setting<Duration> LEAST = new Setting<>(
            "replication.min-deadline",
            SHORT,
            "25ms",
            "No provider is given up earlier than this, however fast it has been.");
    static final Setting<Duration> MOST = new Setting<>(
            "replication.max-deadline",
            SHORT,
            "1s",
            "No provider is waited for longer than this once another has answered.");
    static final Setting<Duration> CALL = new Setting<>(
            "replication.call-timeout",
            REQUEST,
            "5s",
            "A call to a provider that still runs after this is interrupted.");
    static final Setting<Integer> LEAST_CALLS = new Setting<>(
            "replication.min-calls",
            Type.number(1, 1_000_000),
            "64",
            "Calls under way at one provider below which it is asked in any case, however slow it is. Between this and"
                + " replication.max-calls the bound is found from how long they take; beyond it the others are asked,"
                + " and writes become hints.");
    static final Setting<Integer> CALLS = new Setting<>(
            "replication.max-calls",
            Type.number(1, 1_000_000),
            "4096",
            "Calls under way at one provider beyond which further ones are refused at once.");
    static final Setting<Duration> PROBE = new Setting<>(
            "replication.probe-interval", SHORT, "500ms", "Between probes of a provider that is current.");
    static final Setting<Duration> RETRY = new Setting<>(
            "replication.retry-interval",
            SHORT,
            "100ms",
            "Between the first probes of a provider that is not current; grows to replication.max-retry-interval.");
    static final Setting<Duration> MOST_RETRY = new Setting<>(
            "replication.max-retry-interval",
            Type.duration(Duration.ofMillis(1), Duration.ofHours(1)),
            "2s",
            "The longest between two probes of a provider that is not current.");
    static final Setting<Integer> GOOD = new Setting<>(
            "replication.good-probes",
            Type.number(1, 1_000),
            "3",
            "Probes in a row that must be good before a provider is given the writes it has missed.");
    static final Setting<Duration> COMPARE = new Setting<>(
            "replication.compare-interval", LONG, "1h", "Between comparisons of all providers without any suspicion.");
    static final Setting<Duration> SKEW = new Setting<>(
            "replication.max-skew",
            SHORT,
            "10s",
            "How far apart the clocks of nodes may be; records stamped further ahead than that and 2 s, which restarts"
                    + " may skip, are set aside.");
    static final Setting<Duration> COLLECT = new Setting<>(
            "replication.collect-age",
            LONG,
            "10m",
            "How old a tombstone must at least be before it is collected; it also has to be at every provider.");
    static final Setting<Integer> FEED = new Setting<>(
            "replication.feed-entries",
            Type.number(1_000, 1_000_000_000),
            "1000000",
            "How many changes the feed's log keeps.");
    static final Setting<Integer> MASS_DELETE = new Setting<>(
            "replication.mass-delete-percent",
            Type.number(0, 100),
            "10",
            "A comparison that would spread more unexplained deletes than this share of the keys seen stops instead.");
    static final Setting<Integer> EJECTIONS = new Setting<>(
            "recovery.max-ejections",
            Type.number(0, 100),
            "50",
            "This share of the providers, in percent, one in any case, may be given up within a minute for being late;"
                    + " further ones only once they do not answer at all.");
    static final Setting<Size> RESERVE = new Setting<>(
            "disk.reserve",
            Type.size(new Size(0), new Size(1L << 50)),
            "512MiB",
            "Room kept free on the disk of the data folder: with less left, writes are refused; reads and the admin"
                    + " port go on.");
    static final Setting<Size> ALARM = new Setting<>(
            "disk.alarm",
            Type.size(new Size(0), new Size(1L << 50)),
            "2GiB",
            "Room on the disk of the data folder below which status, metrics and log warn.");
    static final List<Setting<?>> SETTINGS = List.of(
            READ,
            WRITE,
            LEAST,
            MOST,
            CALL,
            LEAST_CALLS,
            CALLS,
            PROBE,
            RETRY,
            MOST_RETRY,
            GOOD,
            COMPARE,
            SKEW,
            COLLECT,
            FEED,
            MASS_DELETE,
            EJECTIONS,
            RESERVE,
            ALARM);

    private Replication() {}

    static ReplicationConfig from(Values values) {
        ReplicationConfig config = new ReplicationConfig(
                values.get(READ),
                values.get(WRITE),
                values.get(LEAST),
                values.get(MOST),
                values.get(CALL),
                values.get(LEAST_CALLS),
                values.get(CALLS),
                values.get(PROBE),
                values.get(RETRY),
                values.get(MOST_RETRY),
                values.get(GOOD),
                values.get(COMPARE),
                values.get(SKEW),
                values.get(COLLECT),
                values.get(RESERVE).bytes(),
                values.get(ALARM).bytes(),
                values.get(FEED),
                values.get(MASS_DELETE) / 100.0,
                new RecoveryConfig(
                        values.get(Admission.LOAD), values.get(Admission.LEAST_LOAD), values.get(EJECTIONS) / 100.0),
                Scrubbing.from(values));
        requireOrder(values, config.minDeadline(), MOST, config.maxDeadline(), LEAST);
        requireOrder(values, config.retryInterval(), MOST_RETRY, config.maxRetryInterval(), RETRY);
        if (config.maxCalls() < config.leastCalls()) {
            values.problem(CALLS, "must not be less than " + LEAST_CALLS.name());
        }
        if (config.alarmBytes() < config.reserveBytes()) {
            values.problem(ALARM, "must not be less than " + RESERVE.name());
        }
        return config;
    }

    private static void requireOrder(
            Values values, Duration least, Setting<Duration> setting, Duration most, Setting<Duration> other) {
        if (most.compareTo(least) < 0) {
            values.problem(setting, "must not be less than " + other.name());
        }
    }
}

package dev.holdfast.server.config;

import java.time.Duration;
import java.util.List;

/**
 * The port that serves records.
 *
 * @param idleTimeout how long a connection may be silent
 * @param bodyTimeout how long a request's body may take to make progress
 * @param headBytes the longest request line with its headers
 * @param connections how many may be open at once
 * @param bodyBytes how much memory the bodies being received may take together
 */
public record DataPort(
        Address listen, Duration idleTimeout, Duration bodyTimeout, Size headBytes, int connections, Size bodyBytes) {
    static final Setting<Address> LISTEN = new Setting<>(
            "listen", Type.ADDRESS, "127.0.0.1:4653", "Where the data port listens. Without TLS, keep it on loopback.");
    static final Setting<Duration> IDLE_TIMEOUT = new Setting<>(
            "http.idle-timeout",
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "60s",
            "How long a connection may be silent before it is closed.");
    static final Setting<Duration> BODY_TIMEOUT = new Setting<>(
            "http.body-timeout",
            Type.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "30s",
            "How long the next bytes of a request's body may keep the server waiting before it answers 408.");
    static final Setting<Size> HEAD = new Setting<>(
            "http.head",
            Type.size(new Size(16 << 10), new Size(1 << 20)),
            "32KiB",
            "The longest request line with all its headers; a longer one is answered with 431 or 414.");
    static final Setting<Integer> CONNECTIONS = new Setting<>(
            "http.connections",
            Type.number(1, 1_000_000),
            "10000",
            "How many connections may be open at once; more wait to be accepted.");
    static final Setting<Size> BODIES = new Setting<>(
            "http.bodies",
            Type.size(new Size(128 << 20), new Size(1L << 40)),
            "256MiB",
            "How much memory the request bodies being received may take together; a request beyond it is answered with"
                    + " 503.");
    static final List<Setting<?>> SETTINGS = List.of(LISTEN, IDLE_TIMEOUT, BODY_TIMEOUT, HEAD, CONNECTIONS, BODIES);

    static DataPort from(Values values) {
        return new DataPort(
                values.get(LISTEN),
                values.get(IDLE_TIMEOUT),
                values.get(BODY_TIMEOUT),
                values.get(HEAD),
                values.get(CONNECTIONS),
                values.get(BODIES));
    }
}

package dev.holdfast.server.config;

import dev.holdfast.server.http.HttpLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The port that serves records, and what it bears. */
public record DataPort(Address listen, HttpLimits limits) {
    static final Setting<Address> LISTEN = new Setting<>(
            "listen", Type.ADDRESS, "127.0.0.1:4653", "Where the data port listens. Without TLS, keep it on loopback.");
    static final Setting<Integer> CONNECTIONS = new Setting<>(
            "http.connections",
            Type.number(1, 1_000_000),
            "10000",
            "How many connections may be open at once; more wait to be accepted.");
    static final Setting<Integer> CALLS = new Setting<>(
            "http.calls",
            Type.number(1, 1_000_000),
            "4096",
            "How many requests may be under way at once; more are answered with 503.");
    static final Setting<Integer> STREAMS = new Setting<>(
            "http.streams",
            Type.number(1, 1_000_000),
            "1024",
            "How many streams of changes may be open at once, beside http.calls; more are answered with 503.");
    static final Setting<Size> HEAD_BYTES = new Setting<>(
            "http.head-bytes",
            Type.size(new Size(16 << 10), new Size(1 << 20)),
            "32KiB",
            "The longest request line with all its headers; a longer one is answered with 431.");
    static final Setting<Optional<Size>> BODY_BYTES = new Setting<>(
            "http.body-bytes",
            Type.optional(Type.size(new Size(128 << 20), new Size(1L << 40))),
            "",
            "How much memory the request bodies being received may take together; a request beyond it is answered with"
                    + " 503. Without it, a third of the heap, 128MiB at least.");
    static final Setting<Duration> IDLE = new Setting<>(
            "http.idle",
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "60s",
            "How long a connection may be silent before it is closed.");
    static final Setting<Duration> HEAD = new Setting<>(
            "http.head",
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "10s",
            "How long the line and headers of one request may take to arrive.");
    static final Setting<Duration> BODY = new Setting<>(
            "http.body",
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "15s",
            "How long a request's body may take however small it is; after that it must keep up http.body-rate.");
    static final Setting<Size> BODY_RATE = new Setting<>(
            "http.body-rate",
            Type.size(new Size(1), new Size(1 << 30)),
            "16KiB",
            "What a request's body must average in a second once http.body is over; a slower one is answered with"
                    + " 408.");
    static final List<Setting<?>> SETTINGS =
            List.of(LISTEN, CONNECTIONS, CALLS, STREAMS, HEAD_BYTES, BODY_BYTES, IDLE, HEAD, BODY, BODY_RATE);

    static DataPort from(Values values) {
        return new DataPort(
                values.get(LISTEN),
                new HttpLimits(
                        values.get(CONNECTIONS),
                        values.get(CALLS),
                        values.get(STREAMS),
                        values.get(HEAD_BYTES).asInt(),
                        values.get(BODY_BYTES).map(Size::bytes).orElse(HttpLimits.DEFAULT.bodyBytes()),
                        values.get(IDLE),
                        values.get(HEAD),
                        values.get(BODY),
                        values.get(BODY_RATE).asInt()));
    }
}

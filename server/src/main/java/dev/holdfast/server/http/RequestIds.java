package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Names requests: 16 hexadecimal digits, unique within a run of the server and, as good as always, across runs. Thread-safe. */
final class RequestIds {
    /** Odd, so that multiplying by it maps the numbers one to one; neighbours do not look alike in a log. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final AtomicLong next;

    RequestIds(Time time) {
        next = new AtomicLong(time.random().nextLong());
    }

    String next() {
        return HexFormat.of().toHexDigits(next.getAndIncrement() * SPREAD);
    }
}

package dev.holdfast.server.http;

import java.time.Duration;

/**
 * What one listener bears before it refuses.
 *
 * @param connections open at once; more wait in the kernel's queue
 * @param calls under way at once; more get 503
 * @param streams answers written piece by piece that are open at once; more get 503
 * @param headBytes of a request's line and headers together; more get 431
 * @param bodyBytes of all request bodies held in memory at once; more get 503
 * @param idle how long a connection may be silent
 * @param head how long the line and headers of one request may take to arrive
 * @param bodyGrace how long a body may take however small it is
 * @param bodyBytesPerSecond what a body must average once the grace is over
 */
public record HttpLimits(
        int connections,
        int calls,
        int streams,
        int headBytes,
        long bodyBytes,
        Duration idle,
        Duration head,
        Duration bodyGrace,
        int bodyBytesPerSecond) {

    /** A third of the heap for bodies leaves room for what is made of them. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            10_000,
            4_096,
            1_024,
            32 * 1024,
            Math.max(Runtime.getRuntime().maxMemory() / 3, 128L * 1024 * 1024),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            16 * 1024);
}

package dev.holdfast.engine.replication;

import java.time.Duration;

/**
 * How often, and how fast, every record at rest is read through.
 *
 * @param interval between the beginnings of two passes over a provider; zero for none but on request
 * @param bytesPerSecond how much is read at most, shared by all nodes; 0 for no bound
 */
public record ScrubConfig(Duration interval, long bytesPerSecond) {
    public static final ScrubConfig DEFAULT = new ScrubConfig(Duration.ofDays(7), 16L << 20);
}

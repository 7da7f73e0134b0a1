package dev.holdfast.client;

import java.time.Duration;

/**
 * How much an answer is worth.
 *
 * @param age since a server vouched for it
 * @param source where the client had it
 * @param home where the server had it: a provider's name, or its own cache; empty when it did not say
 * @param confirmed whether the server vouched for it
 * @param lastKnownGood whether it was given because no server could be asked, though it was time to ask
 */
public record Freshness(Duration age, Source source, String home, boolean confirmed, boolean lastKnownGood) {

    /** Where an answer was taken from. */
    public enum Source {
        MEMORY,
        DISK,
        SERVER
    }
}

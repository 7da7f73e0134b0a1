package dev.holdfast.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How to write a value.
 *
 * @param metadata JSON, at most 1024 bytes; null for none
 * @param expiration null for none; at least 60 seconds ahead
 * @param lifetime instead of an expiration: from now, in whole seconds
 */
public record PutOptions(
        Condition condition,
        @Nullable String metadata,
        @Nullable Instant expiration,
        @Nullable Duration lifetime) {
    public static final PutOptions DEFAULT = new PutOptions(Condition.NONE, null, null, null);

    public PutOptions onlyIf(Condition holds) {
        return new PutOptions(holds, metadata, expiration, lifetime);
    }

    public PutOptions metadata(String json) {
        return new PutOptions(condition, json, expiration, lifetime);
    }

    public PutOptions expiresAt(Instant then) {
        return new PutOptions(condition, metadata, then, null);
    }

    public PutOptions expiresAfter(Duration duration) {
        return new PutOptions(condition, metadata, null, duration);
    }
}

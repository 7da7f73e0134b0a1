package dev.holdfast.client;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key in a listing.
 *
 * @param size bytes of the value
 * @param json metadata; empty for none
 * @param expires null for never
 * @param held null unless values were asked for and the server gave this one
 */
public record ListedKey(
        String name,
        Version version,
        long size,
        String json,
        @Nullable Instant expires,
        @Nullable Value held) {

    public Optional<String> metadata() {
        return json.isEmpty() ? Optional.empty() : Optional.of(json);
    }

    public Optional<Instant> expiration() {
        return Optional.ofNullable(expires);
    }

    public Optional<Value> value() {
        return Optional.ofNullable(held);
    }
}

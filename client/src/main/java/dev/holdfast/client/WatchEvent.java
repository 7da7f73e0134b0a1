package dev.holdfast.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something a watch tells. */
public sealed interface WatchEvent {
    /** From where to go on after this one: see {@link Namespace#watch(String, String)}. */
    String position();

    /**
     * A key has changed.
     *
     * @param deleted whether it is gone
     * @param metadata JSON; empty for none
     * @param expiration null for none
     * @param value null when it is gone, or too large to come along: read the key
     */
    record Change(
            String position,
            String key,
            Version version,
            boolean deleted,
            String metadata,
            @Nullable Instant expiration,
            @Nullable Value value)
            implements WatchEvent {}

    /** Changes were missed, and nobody can tell which: whoever keeps a copy reads again what is in it. */
    record Gap(String position, String why) implements WatchEvent {}
}

package dev.holdfast.client;

import java.time.Duration;

/** What a read answers from the near cache when it is time to ask and no server can be asked. */
public sealed interface OnOutage {

    /** The last known good, unless it is older than that. */
    static OnOutage stale(Duration maxAge) {
        return new Stale(maxAge);
    }

    /** Nothing: {@link HoldfastException.Unavailable}. */
    static OnOutage closed() {
        return new Closed();
    }

    /** Whether something of that age may be answered. */
    default boolean allows(Duration age) {
        return switch (this) {
            case Stale(Duration maxAge) -> age.compareTo(maxAge) <= 0;
            case Closed() -> false;
        };
    }

    record Stale(Duration maxAge) implements OnOutage {}

    record Closed() implements OnOutage {}
}

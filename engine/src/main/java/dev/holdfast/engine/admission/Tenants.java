package dev.holdfast.engine.admission;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each tenant has under way at the store, and whether it is the only one that asks for anything: a lone one may have all the room.
 * Not thread-safe.
 */
final class Tenants {
    /** For how long room is kept for others after two tenants have come in turn. */
    private static final long LATELY_NANOS = 10_000_000_000L;

    private final Map<String, Integer> held = new HashMap<>();
    private @Nullable String last;
    private @Nullable Long otherAt;
    private boolean several;

    /** One asks for something. */
    void asks(String tenant, long nowNanos) {
        if (last != null && !last.equals(tenant)) {
            otherAt = nowNanos;
        }
        last = tenant;
        several = otherAt != null && nowNanos - otherAt < LATELY_NANOS;
    }

    /** Whether more than one has asked lately, as of the last question. */
    boolean several() {
        return several;
    }

    int held(String tenant) {
        return held.getOrDefault(tenant, 0);
    }

    void began(String tenant) {
        held.merge(tenant, 1, Integer::sum);
    }

    void ended(String tenant) {
        held.computeIfPresent(tenant, (of, calls) -> calls == 1 ? null : calls - 1);
    }
}

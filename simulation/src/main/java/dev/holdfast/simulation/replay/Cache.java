package dev.holdfast.simulation.replay;

import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A cache that forgets by TTL, as the one in front of Workers KV did: what is older than that is fetched again, and when it cannot be
 * fetched, the answer is an error. Writes do not touch it. It holds everything that was asked for, which flatters it.
 */
final class Cache {
    private record Kept(OptionalLong number, long at) {}

    /** Fetches what is not kept. */
    interface Fetch {
        OptionalLong get(int key) throws Arm.Failed;
    }

    private final Time time;
    private final long ttlNanos;
    private final Map<Integer, Kept> kept = new HashMap<>();

    Cache(Time time, long ttlNanos) {
        this.time = time;
        this.ttlNanos = ttlNanos;
    }

    OptionalLong get(int key, Fetch fetch) throws Arm.Failed {
        Kept found = kept.get(key);
        if (found != null && time.nanos() - found.at() < ttlNanos) {
            return found.number();
        }
        OptionalLong fetched = fetch.get(key);
        kept.put(key, new Kept(fetched, time.nanos()));
        return fetched;
    }
}

package dev.holdfast.simulation.replay;

import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.Map;

/**
 * A cache that forgets by TTL, as the one in front of Workers KV did: what is older than that is fetched again, and when it cannot be
 * fetched, the answer is an error. Writes do not touch it. It holds everything that was asked for, which flatters it.
 */
final class Cache {
    private record Kept(long number, long asked) {}

    /** Fetches what is not kept. */
    interface Fetch {
        long get(int key) throws Arm.Failed;
    }

    private final Time time;
    private final long ttlNanos;
    private final Map<Integer, Kept> kept = new HashMap<>();

    Cache(Time time, long ttlNanos) {
        this.time = time;
        this.ttlNanos = ttlNanos;
    }

    Arm.Answer get(int key, Fetch fetch) throws Arm.Failed {
        long now = time.nanos();
        Kept found = kept.get(key);
        if (found != null && now - found.asked() < ttlNanos) {
            return new Arm.Answer(found.number(), now - found.asked());
        }
        long fetched = fetch.get(key);
        kept.put(key, new Kept(fetched, now));
        return new Arm.Answer(fetched, 0);
    }
}

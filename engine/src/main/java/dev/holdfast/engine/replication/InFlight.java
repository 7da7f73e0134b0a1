package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes of this node that are under way. A read that finds homes apart because such a write has reached only one of them waits
 * for it, instead of taking the other home for a liar. Thread-safe.
 */
final class InFlight {
    private final ConcurrentHashMap<KeyRef, List<Version>> versions = new ConcurrentHashMap<>();
    private final Signal settled;

    InFlight(Time time) {
        settled = new Signal(time);
    }

    void begin(KeyRef ref, Version version) {
        versions.merge(ref, List.of(version), (old, one) -> {
            List<Version> more = new ArrayList<>(old);
            more.add(version);
            return more;
        });
    }

    void end(KeyRef ref, Version version) {
        versions.computeIfPresent(ref, (r, old) -> {
            List<Version> fewer = new ArrayList<>(old);
            fewer.remove(version);
            return fewer.isEmpty() ? null : fewer;
        });
        settled.wake();
    }

    /** Whether the write that stamped {@code version} is under way. */
    boolean explains(KeyRef ref, Version version) {
        return versions.getOrDefault(ref, List.of()).contains(version);
    }

    /**
     * Waits until every write that is under way now has ended.
     *
     * @return whether they have
     */
    boolean awaitThose(long deadline) throws InterruptedException {
        for (Map.Entry<KeyRef, List<Version>> now : Map.copyOf(versions).entrySet()) {
            for (Version version : now.getValue()) {
                if (!awaitSettled(now.getKey(), version, deadline)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Waits until the write that stamped {@code version} has ended. */
    boolean awaitSettled(KeyRef ref, Version version, long deadline) throws InterruptedException {
        return settled.await(deadline, () -> !explains(ref, version));
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes of this node that are under way. A read that finds homes apart because such a write has reached only one of them waits
 * for it, instead of taking the other home for a liar. Thread-safe.
 */
final class InFlight {
    private final ConcurrentHashMap<KeyRef, Entry> entries = new ConcurrentHashMap<>();
    private final Signal settled;

    /** How many writes of the key are under way, and the newest version that one of them has stamped. */
    private record Entry(int writers, Version newest) {}

    InFlight(Time time) {
        settled = new Signal(time);
    }

    void begin(KeyRef ref, Version version) {
        entries.merge(
                ref,
                new Entry(1, version),
                (old, one) -> new Entry(old.writers + 1, Version.newest(old.newest, version)));
    }

    void end(KeyRef ref) {
        entries.computeIfPresent(ref, (r, old) -> old.writers == 1 ? null : new Entry(old.writers - 1, old.newest));
        settled.wake();
    }

    /** Whether a write that may have stamped {@code version} is under way. */
    boolean explains(KeyRef ref, Version version) {
        Entry entry = entries.get(ref);
        return entry != null && entry.newest.compareTo(version) >= 0;
    }

    /** Waits until no write of the key is under way that may have stamped {@code version}. */
    boolean awaitSettled(KeyRef ref, Version version, long deadline) throws InterruptedException {
        return settled.await(deadline, () -> !explains(ref, version));
    }
}

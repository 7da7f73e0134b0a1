package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.replication.KeyRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was acknowledged. A key has one writer at a time; one of whose write nobody knows whether it happened is written no more and not
 * judged from then on, since that write may happen at any time yet.
 */
final class Journal {
    private final Map<KeyRef, List<Acknowledged>> acknowledged = new LinkedHashMap<>();
    private final Set<KeyRef> unknown = new HashSet<>();

    private record Acknowledged(long number, long nanos) {}

    void acknowledged(KeyRef ref, long number, long nanos) {
        acknowledged.computeIfAbsent(ref, key -> new ArrayList<>()).add(new Acknowledged(number, nanos));
    }

    /** What a write came to is not known. */
    void unknown(KeyRef ref) {
        unknown.add(ref);
    }

    boolean judged(KeyRef ref) {
        return !unknown.contains(ref);
    }

    /** The newest write of the key that was acknowledged by then; 0 for none. */
    long newest(KeyRef ref, long nanos) {
        for (Acknowledged write : acknowledged.getOrDefault(ref, List.of()).reversed()) {
            if (write.nanos() <= nanos) {
                return write.number();
            }
        }
        return 0;
    }

    Iterable<KeyRef> keys() {
        return acknowledged.keySet();
    }
}

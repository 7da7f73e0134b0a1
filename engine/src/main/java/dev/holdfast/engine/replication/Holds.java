package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Namespaces of which no tombstone is collected, since somewhere beyond the store there may be what was deleted here: as long as there is such a
 * source, only a tombstone says so. {@code hold/namespace} in the system namespace, at every node.
 */
public final class Holds {
    private static final String PREFIX = "hold/";

    private Holds() {}

    /** @return whether it is durable: from then on no node begins to collect there */
    public static boolean hold(SystemRecords records, NamespaceId namespace) {
        return records.get(key(namespace)).isPresent() || records.put(key(namespace), new byte[] {1});
    }

    /** @return whether the end of it is durable */
    public static boolean release(SystemRecords records, NamespaceId namespace) {
        return records.get(key(namespace)).isEmpty() || records.delete(key(namespace));
    }

    /** Whether it is held; empty when nobody can say now. */
    public static Optional<Boolean> held(SystemRecords records, NamespaceId namespace) {
        return records.has(key(namespace));
    }

    /** @return empty when nobody can say now */
    static Optional<Set<NamespaceId>> all(RegistryScan scan) throws InterruptedException {
        Set<NamespaceId> held = new HashSet<>();
        boolean complete = scan.each(
                PREFIX.getBytes(StandardCharsets.US_ASCII),
                (key, _) -> held.add(NamespaceId.parse(key.toString().substring(PREFIX.length()))));
        return complete ? Optional.of(held) : Optional.empty();
    }

    private static Key key(NamespaceId namespace) {
        return Key.of(PREFIX + namespace);
    }
}

package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What keys held before they were first written while a fault was on, so that stale answers can be given. Bounded; of keys that
 * come when it is full the truth is told. Thread-safe.
 */
final class Past {
    private static final long MOST_BYTES = 64 * 1024 * 1024;
    /** About what an entry takes beside key and value. */
    private static final long ENTRY_BYTES = 200;

    private record Address(NamespaceId namespace, Key key) {}

    private final Map<Address, Lookup> before = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /** To be called before each write. */
    void remember(Provider provider, NamespaceId namespace, Key key) throws ProviderFault {
        Address address = new Address(namespace, key);
        if (before.containsKey(address) || bytes.get() > MOST_BYTES) {
            return;
        }
        Lookup now;
        try {
            now = provider.get(namespace, key);
        } catch (ProviderFault e) {
            if (e.kind() == FaultKind.CORRUPT) {
                return; // what cannot be read cannot be answered stale, and the write may be its repair
            }
            throw e;
        }
        if (before.putIfAbsent(address, now) == null) {
            int value = now instanceof Lookup.Present present ? present.record().value().length : 0;
            bytes.addAndGet(ENTRY_BYTES + key.bytes().length + value);
        }
    }

    /** What the key held; null when it has not been written since. */
    @Nullable
    Lookup of(NamespaceId namespace, Key key) {
        return before.get(new Address(namespace, key));
    }
}

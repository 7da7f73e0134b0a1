package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The collection floors of a place, all in memory: every absence carries one. Thread-safe. */
final class Floors {
    private static final byte[] PREFIX = "floor/".getBytes(StandardCharsets.UTF_8);

    private final Map<NamespaceId, Version> floors = new ConcurrentHashMap<>();

    static Floors read(Place place) throws ProviderFault {
        Floors floors = new Floors();
        List<String> unreadable = new ArrayList<>();
        place.scan(RocksProvider.META, PREFIX, DataKey.afterAll(PREFIX), (key, value) -> {
            if (key.length == PREFIX.length + NamespaceId.BYTES && value.length == Long.BYTES) {
                ByteBuffer id = ByteBuffer.wrap(key, PREFIX.length, NamespaceId.BYTES);
                floors.floors.put(new NamespaceId(id.getLong(), id.getLong()), version(value));
            } else {
                unreadable.add(new String(key, StandardCharsets.ISO_8859_1));
            }
            return true;
        });
        if (!unreadable.isEmpty()) {
            throw new ProviderFault(
                    FaultKind.CORRUPT, "collection floors in " + place.directory() + " cannot be read: " + unreadable);
        }
        return floors;
    }

    Version of(NamespaceId namespace) {
        return floors.getOrDefault(namespace, Version.NONE);
    }

    /** Once they are durable. */
    void raise(Map<NamespaceId, Version> raised) {
        raised.forEach((namespace, floor) -> floors.merge(namespace, floor, Version::newest));
    }

    static byte[] metaKey(NamespaceId namespace) {
        return ByteBuffer.allocate(PREFIX.length + NamespaceId.BYTES)
                .put(PREFIX)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .array();
    }

    static byte[] bytes(Version version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version.bits()).array();
    }

    static Version version(byte[] bytes) {
        return new Version(ByteBuffer.wrap(bytes).getLong());
    }
}

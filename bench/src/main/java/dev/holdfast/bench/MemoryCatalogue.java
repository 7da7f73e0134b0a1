package dev.holdfast.bench;

import dev.holdfast.engine.replication.catalogue.Catalogue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A catalogue that forgets all at the end: enough for a token to be checked against. Thread-safe. */
public final class MemoryCatalogue implements Catalogue {
    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();

    @Override
    public Optional<Entry> get(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    @Override
    public Map<String, Entry> entries(String prefix) {
        return entries.subMap(prefix, prefix + Character.MAX_VALUE);
    }

    @Override
    public void put(String name, Entry entry) {
        entries.put(name, entry);
    }
}

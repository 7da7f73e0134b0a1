package dev.holdfast.server;

import dev.holdfast.engine.replication.catalogue.Catalogue;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A catalogue by its contract, without a disk. */
public final class MemoryCatalogue implements Catalogue {
    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();
    public volatile boolean full;

    @Override
    public Optional<Entry> get(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    @Override
    public Map<String, Entry> entries(String prefix) {
        return new TreeMap<>(entries.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public void put(String name, Entry entry) throws NotKept {
        if (full) {
            throw new NotKept("The node's disk is full.");
        }
        entries.merge(name, entry, (before, after) -> after.rank() >= before.rank() ? after : before);
    }
}

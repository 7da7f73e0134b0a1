package dev.holdfast.simulation.parts;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;

/** What calls for several keys do at a place, in parts of which each is as of a moment of its own: the contract promises none for all. */
final class SeveralKeys {
    private final Served served;
    private final SplittableRandom random;

    /** Fails for a key that is not served. */
    interface Served {
        void require(Key key) throws ProviderFault;
    }

    /** Does a part. */
    interface Part<T> {
        Map<Key, T> of(List<Key> keys) throws ProviderFault;
    }

    SeveralKeys(Served served, SplittableRandom random) {
        this.served = served;
        this.random = random;
    }

    /** In two calls one after the other, between which anything may happen. */
    <T> Map<Key, T> inParts(List<Key> keys, Part<T> part) throws ProviderFault {
        int first = random.nextInt(keys.size() + 1);
        Map<Key, T> all = new HashMap<>();
        for (List<Key> some : List.of(keys.subList(0, first), keys.subList(first, keys.size()))) {
            if (!some.isEmpty()) {
                all.putAll(part.of(some));
            }
        }
        return all;
    }

    Map<Key, Lookup> lookups(Shelf place, NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Map<Key, Lookup> found = new HashMap<>();
        for (Key key : keys) {
            served.require(key);
            try {
                Record record = place.get(namespace, key);
                found.put(
                        key, record == null ? new Lookup.Missing(place.floor(namespace)) : new Lookup.Present(record));
            } catch (DamagedRecord damaged) {
                found.remove(key);
            }
        }
        return found;
    }

    Map<Key, Put> puts(
            Shelf place, NamespaceId namespace, List<Key> keys, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        Map<Key, Put> done = new HashMap<>();
        for (Key key : keys) {
            served.require(key);
            done.put(key, place.put(namespace, key, Objects.requireNonNull(records.get(key)), vouched));
        }
        return done;
    }

    Page rows(Shelf place, NamespaceId namespace, List<Key> keys) throws ProviderFault {
        for (Key key : keys) {
            served.require(key);
        }
        return place.rows(namespace, keys);
    }
}

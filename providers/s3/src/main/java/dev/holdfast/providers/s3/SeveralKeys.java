package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls for several keys of one namespace. Where these lie close together one listing tells of hundreds of them; what has to be read or
 * written of each is read or written side by side.
 */
final class SeveralKeys {
    /** A listing has no more. */
    private static final int MOST = 1000;
    /** A listing that tells of fewer keys than this is dearer than one for each of them, since those run side by side. */
    private static final int WORTH = Crew.WIDTH;

    private final S3Provider.Parts parts;
    private final Place place;
    private final NamespaceId namespace;
    private final String records;

    SeveralKeys(S3Provider.Parts parts, Place place, NamespaceId namespace) {
        this.parts = parts;
        this.place = place;
        this.namespace = namespace;
        this.records = place.records(namespace);
    }

    /** @param provider for the keys that change while they are looked at */
    Map<Key, Lookup> lookups(Provider provider, List<Key> keys) throws ProviderFault {
        // Before the listing: a floor that is raised after it says nothing about what was listed.
        Version floor = place.floors.known(namespace);
        Map<Key, Held> held = list(keys);
        Map<Key, Lookup> found = new ConcurrentHashMap<>();
        parts.crew().forEach(present(keys, held), key -> {
            Held here = held.getOrDefault(key, Held.empty());
            switch (parts.reader().read(namespace, key, here.newest())) {
                case Reader.Found.Gone gone -> found.putAll(again(provider, key));
                case Reader.Found.Damage damage -> {}
                case Reader.Found.Whole(Record record) -> {
                    parts.sweeper().later(here.olderObjects());
                    found.put(key, new Lookup.Present(record));
                }
            }
        });
        List<Key> absent = absent(keys, held);
        if (!absent.isEmpty()) {
            place.requireThere();
        }
        absent.forEach(key -> found.put(key, new Lookup.Missing(floor)));
        return found;
    }

    private Map<Key, Lookup> again(Provider provider, Key key) throws ProviderFault {
        try {
            return Map.of(key, provider.get(namespace, key));
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                return Map.of();
            }
            throw fault;
        }
    }

    Page rows(List<Key> keys) throws ProviderFault {
        Map<Key, Held> held = list(keys);
        if (!absent(keys, held).isEmpty()) {
            place.requireThere();
        }
        Map<Key, Held> listed = new TreeMap<>();
        present(keys, held).forEach(key -> listed.put(key, held.getOrDefault(key, Held.empty())));
        return new Scan(parts, place, namespace, new byte[0], null, keys.size()).of(listed);
    }

    Map<Key, Put> put(Writer writer, SortedMap<Key, Record> wanted, boolean vouched) throws ProviderFault {
        List<Key> keys = List.copyOf(wanted.keySet());
        if (vouched) {
            return writer.putVouched(place, namespace, wanted, list(keys));
        }
        Map<Key, Put> done = new ConcurrentHashMap<>();
        parts.crew()
                .forEach(
                        List.copyOf(wanted.entrySet()),
                        each -> done.put(
                                each.getKey(), writer.put(place, namespace, each.getKey(), each.getValue(), false)));
        return done;
    }

    private static List<Key> present(List<Key> keys, Map<Key, Held> held) {
        return keys.stream()
                .filter(key -> !held.getOrDefault(key, Held.empty()).nothing())
                .toList();
    }

    private static List<Key> absent(List<Key> keys, Map<Key, Held> held) {
        return keys.stream()
                .filter(key -> held.getOrDefault(key, Held.empty()).nothing())
                .toList();
    }

    /** What each holds: all of its newest version, and maybe what is older. */
    private Map<Key, Held> list(List<Key> keys) throws ProviderFault {
        Map<Key, Held> held = new ConcurrentHashMap<>();
        int told = 0;
        int more = WORTH;
        while (more >= WORTH && keys.size() - told >= WORTH) {
            more = list(keys.subList(told, keys.size()), held);
            told += more;
        }
        parts.crew()
                .forEach(
                        keys.subList(told, keys.size()),
                        key -> held.put(key, Held.look(parts.bucket(), place, namespace, key, false)));
        return held;
    }

    /**
     * One listing from the first of the keys on.
     *
     * @return of how many of them it tells
     */
    private int list(List<Key> keys, Map<Key, Held> held) throws ProviderFault {
        byte[] first = keys.getFirst().bytes();
        byte[] last = keys.getLast().bytes();
        int alike = Arrays.mismatch(first, last);
        byte[] prefix = Arrays.copyOf(first, alike < 0 ? first.length : alike);
        Bucket.Listing listing = parts.bucket()
                .list(records + KeyPath.ofAllWith(prefix), place.records(namespace, keys.getFirst()), MOST);
        Map<Key, Held> all = new HashMap<>();
        Key end = null;
        for (Bucket.Listed object : listing.objects()) {
            Key key = KeyPath.ofObject(records, object.name());
            if (key != null) {
                end = key;
                Held.addTo(all.computeIfAbsent(key, k -> Held.empty()), object);
            }
        }
        List<Key> told = new ArrayList<>();
        for (Key key : keys) {
            // Of the last key that is listed there may be more.
            if (listing.more() && (end == null || key.compareTo(end) >= 0)) {
                break;
            }
            told.add(key);
        }
        told.forEach(key -> held.put(key, all.getOrDefault(key, Held.empty())));
        return told.size();
    }
}

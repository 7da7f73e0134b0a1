package dev.holdfast.client.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys used last, as many as fit into so many bytes. Not thread-safe. */
final class MemoryTier {
    /** Objects, references and the map's own. */
    private static final int OVERHEAD = 200;

    private final LinkedHashMap<Place, Held> byUse = new LinkedHashMap<>(64, 0.75f, true);
    private final long most;
    private long bytes;

    MemoryTier(long most) {
        this.most = most;
    }

    @Nullable
    Held get(Place place) {
        return byUse.get(place);
    }

    /** @return whether it fits; when it does not, nothing is kept of that key */
    boolean put(Place place, Held held) {
        remove(place);
        long size = size(place, held);
        // One that takes a large part of the room would drive out everything else.
        if (size > most / 4) {
            return false;
        }
        byUse.put(place, held);
        bytes += size;
        Iterator<Map.Entry<Place, Held>> oldest = byUse.entrySet().iterator();
        while (bytes > most) {
            Map.Entry<Place, Held> out = oldest.next();
            bytes -= size(out.getKey(), out.getValue());
            oldest.remove();
        }
        return true;
    }

    void remove(Place place) {
        Held before = byUse.remove(place);
        if (before != null) {
            bytes -= size(place, before);
        }
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return byUse.size();
    }

    private static long size(Place place, Held held) {
        return OVERHEAD
                + 2L * (place.namespace().length() + place.key().length())
                + held.known().value().length
                + 2L * held.known().metadata().length();
    }
}

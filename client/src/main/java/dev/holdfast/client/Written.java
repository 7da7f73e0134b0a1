package dev.holdfast.client;

import dev.holdfast.client.cache.Known;
import dev.holdfast.client.cache.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions that this client has written last, so that an answer from before one of them is recognised, whoever gives it.
 * Thread-safe.
 */
final class Written {
    private static final int MOST = 65_536;

    /** What an answer has to be at least as new as. */
    record Floor(String version, boolean deleted) {

        /** @param vouched whether every provider whose word counts was asked, which is what an absence that proves nothing needs */
        boolean allows(Known answer, boolean vouched) {
            boolean proven = !answer.version().isEmpty() && !answer.olderThan(version);
            return proven || (!answer.present() && (deleted || vouched));
        }
    }

    private final LinkedHashMap<Place, Floor> floors = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Floor> eldest) {
            return size() > MOST;
        }
    };

    synchronized void wrote(Place place, String version, boolean deleted) {
        Floor before = floors.get(place);
        if (before == null || before.version().compareTo(version) < 0) {
            floors.remove(place);
            floors.put(place, new Floor(version, deleted));
        }
    }

    synchronized @Nullable Floor floor(Place place) {
        return floors.get(place);
    }
}

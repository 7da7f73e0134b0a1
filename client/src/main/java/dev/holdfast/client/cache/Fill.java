package dev.holdfast.client.cache;

/** The server is being asked for a key, and what is learned of the key meanwhile. Guarded by the cache. */
public final class Fill {
    final Place place;
    final int generation;
    private boolean overtaken;
    private boolean byUnknown;
    private String newest = "";

    Fill(Place place, int generation) {
        this.place = place;
        this.generation = generation;
    }

    /** @param version of something newer; empty when that is not known */
    void overtaken(String version) {
        overtaken = true;
        byUnknown |= version.isEmpty();
        newest = newest.compareTo(version) < 0 ? version : newest;
    }

    /** Whether an answer with that version may be older than what was learned. */
    boolean overtakes(String version) {
        return overtaken && (byUnknown || version.isEmpty() || version.compareTo(newest) < 0);
    }
}

package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.ArrayList;
import java.util.List;

/**
 * What a listing shows of one key.
 *
 * @param newest those of the newest version: one, unless an attempt was repeated, a fault wrote one version twice, or damage was
 *     repaired
 * @param older what has been superseded and not been deleted yet, newest first; maybe not all of it
 */
record Held(List<Entry> newest, List<Entry> older) {
    private static final int LISTED = 32;

    boolean nothing() {
        return newest.isEmpty();
    }

    Version version() {
        return newest.getFirst().label().version();
    }

    /** Adds the next entry in the order of names. */
    void add(Entry entry) {
        (nothing() || entry.label().version().equals(version()) ? newest : older).add(entry);
    }

    static Held empty() {
        return new Held(new ArrayList<>(), new ArrayList<>());
    }

    /** @param all whether to go on until every object of the key is listed, rather than all of the newest version */
    static Held look(Bucket bucket, Place place, NamespaceId namespace, Key key, boolean all) throws ProviderFault {
        Held held = empty();
        String prefix = place.records(namespace, key);
        String after = null;
        Bucket.Listing listing;
        do {
            listing = bucket.list(prefix, after, LISTED);
            for (Bucket.Listed listed : listing.objects()) {
                after = listed.name();
                addTo(held, listed);
            }
        } while (listing.more() && (all || held.older.isEmpty()));
        return held;
    }

    /** Adds the next object in the order of names, if it is one of ours. */
    static void addTo(Held held, Bucket.Listed listed) {
        try {
            held.add(Entry.of(listed));
        } catch (IllegalArgumentException notOurs) {
            // Somebody else's object: nothing of ours is named like that.
            return;
        }
    }

    List<String> olderObjects() {
        return older.stream().map(Entry::object).toList();
    }

    /** All entries, newest first. */
    List<Entry> all() {
        List<Entry> all = new ArrayList<>(newest);
        all.addAll(older);
        return all;
    }

    /** The same without the newest version. */
    Held beneath() {
        Held beneath = empty();
        older.forEach(beneath::add);
        return beneath;
    }
}

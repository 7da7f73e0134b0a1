package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;

/**
 * The version that a provider holds for a key.
 *
 * @param present false when the provider holds nothing
 * @param version of the record held; when there is none, the collection floor (see {@link Lookup.Missing})
 */
public record Sighting(boolean present, Version version) {

    /**
     * Whether a place that shows this lacks a record that another place holds. What was deleted or has expired may have been
     * collected up to the floor; a record that is alive was not, whatever the floor.
     */
    public boolean lacks(Record record, long wallMillis) {
        boolean older = record.version().newerThan(version);
        return present ? older : older || record.alive(wallMillis);
    }
}

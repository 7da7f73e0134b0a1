package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;

/** What a provider holds for a key. */
public sealed interface Lookup {

    /** The same without the record. */
    default Sighting sighting() {
        return switch (this) {
            case Present(Record record) -> new Sighting(true, record.version());
            case Missing(Version floor) -> new Sighting(false, floor);
        };
    }

    /** A record, tombstones and expired ones included. */
    record Present(Record record) implements Lookup {}

    /**
     * Nothing.
     *
     * @param floor every version up to this one has been collected here; {@link Version#NONE} when nothing was ever collected
     */
    record Missing(Version floor) implements Lookup {}
}

package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which import has begun while its namespace was empty, and so may keep versions. A mark in the store's own namespace: it is the same at every
 * node and after a restart, for a namespace into which a part was imported is empty no more. Thread-safe.
 */
final class ImportMarks {
    private static final long LASTS_MILLIS = Duration.ofDays(7).toMillis();

    private final SystemRecords records;
    private final Time time;

    ImportMarks(SystemRecords records, Time time) {
        this.records = records;
        this.time = time;
    }

    /** @return the id of the import; empty when the mark cannot be kept now */
    Optional<String> begin(NamespaceId namespace) {
        String id = HexFormat.of().toHexDigits(time.random().nextLong());
        String mark = id + " " + time.wallMillis();
        return records.put(key(namespace), mark.getBytes(StandardCharsets.US_ASCII))
                ? Optional.of(id)
                : Optional.empty();
    }

    /** Whether this is the one that has begun last, and not ended since. */
    boolean open(NamespaceId namespace, String id) {
        return records.get(key(namespace))
                .map(mark -> new String(mark, StandardCharsets.US_ASCII).split(" ", 2))
                .filter(mark -> mark[0].equals(id) && time.wallMillis() - Long.parseLong(mark[1]) < LASTS_MILLIS)
                .isPresent();
    }

    void end(NamespaceId namespace, String id) {
        if (open(namespace, id)) {
            records.delete(key(namespace));
        }
    }

    private static Key key(NamespaceId namespace) {
        return Key.of("import/" + namespace);
    }
}

package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which import has begun while its namespace was empty, and so may keep versions. A mark in the store's own namespace: it is the same at every
 * node and after a restart, for a namespace into which a part was imported is empty no more. Thread-safe.
 */
public final class ImportMarks {
    private static final long LASTS_MILLIS = Duration.ofDays(7).toMillis();

    private final SystemRecords records;
    private final Time time;

    public ImportMarks(SystemRecords records, Time time) {
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

    /**
     * Whether this is the one that has begun last, and not ended since.
     *
     * @throws ApiError when nobody can say
     */
    boolean open(NamespaceId namespace, String id) throws ApiError {
        AtomicBoolean open = new AtomicBoolean();
        boolean all = records.each(key(namespace).bytes(), (_, mark) -> open.set(isOpen(mark, id)));
        if (!open.get() && !all) {
            throw ApiError.unavailable(
                    "no-provider", "Nobody can say now whether this import has begun and not ended. Try again.", 1);
        }
        return open.get();
    }

    private boolean isOpen(Record mark, String id) {
        String[] text = text(mark.value());
        return text[0].equals(id) && lasts(text);
    }

    private static String[] text(byte[] mark) {
        return new String(mark, StandardCharsets.US_ASCII).split(" ", 2);
    }

    private boolean lasts(String[] text) {
        return time.wallMillis() - Long.parseLong(text[1]) < LASTS_MILLIS;
    }

    /**
     * An import that may still write at versions that are older than its begin.
     *
     * @param begun in milliseconds since the Unix epoch
     */
    public record Begun(String id, long begun) {}

    /**
     * The one that is under way.
     *
     * @return none or one; empty when nobody can say now
     */
    public Optional<List<Begun>> underWay(NamespaceId namespace) {
        Optional<byte[]> mark = records.get(key(namespace));
        if (mark.isPresent()) {
            String[] text = text(mark.get());
            return Optional.of(lasts(text) ? List.of(new Begun(text[0], Long.parseLong(text[1]))) : List.of());
        }
        return records.lacks(key(namespace)) ? Optional.of(List.of()) : Optional.empty();
    }

    /**
     * Nothing more is written at a version of its own by this import.
     *
     * @return whether it was under way
     */
    boolean end(NamespaceId namespace, String id) throws ApiError {
        if (!open(namespace, id)) {
            return false;
        }
        if (!records.delete(key(namespace))) {
            throw ApiError.unavailable(
                    "no-provider", "No provider takes now that this import has ended. Try again.", 1);
        }
        return true;
    }

    private static Key key(NamespaceId namespace) {
        return Key.of("import/" + namespace);
    }
}

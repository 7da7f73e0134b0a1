package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * That a restore into a namespace is under way, so that nobody acknowledges what it would undo: a mark of each node that restores, in the
 * store's own namespace. Whoever restores puts it there before looking for imports; whoever imports looks for it after beginning, and again
 * once a batch is written. So one of the two sees the other. A mark that is not renewed lapses, and stays until an import has
 * begun since. Thread-safe.
 */
public final class Restoring {
    /** How long a mark counts after it was put there or renewed. */
    public static final Duration LASTS = Duration.ofMinutes(10);

    private static final String PREFIX = "restore/";

    private final SystemRecords records;
    private final Time time;

    public Restoring(SystemRecords records, Time time) {
        this.records = records;
        this.time = time;
    }

    /** Puts the mark of a node there, or renews it. @return whether it is durable */
    public boolean mark(NamespaceId into, String node) {
        return put(into, node, time.wallMillis());
    }

    /** The restore was broken off, and can be gone on with as long as no import has begun. */
    public void lapse(NamespaceId into, String node) {
        put(into, node, 0);
    }

    /** The restore is at its end. */
    public void end(NamespaceId into, String node) {
        records.delete(key(into, node));
    }

    /** Whether the mark of a node is there, lapsed or not; empty when nobody can say now. */
    public Optional<Boolean> marked(NamespaceId into) {
        AtomicBoolean marked = new AtomicBoolean();
        boolean all = records.each(prefix(into).getBytes(StandardCharsets.US_ASCII), (_, _) -> marked.set(true));
        return all || marked.get() ? Optional.of(marked.get()) : Optional.empty();
    }

    /**
     * Looks for a restore that would undo what is written now at versions of long ago. One that was broken off is not gone on with after this.
     *
     * @throws ApiError when there is one, or nobody can say
     */
    void requireNone(NamespaceId into) throws ApiError {
        List<Key> lapsed = new ArrayList<>();
        List<String> live = new ArrayList<>();
        String prefix = prefix(into);
        boolean all = records.each(prefix.getBytes(StandardCharsets.US_ASCII), (key, mark) -> {
            long at = Long.parseLong(new String(mark.value(), StandardCharsets.US_ASCII));
            if (time.wallMillis() - at < LASTS.toMillis()) {
                live.add(key.toString().substring(prefix.length()));
            } else {
                lapsed.add(key);
            }
        });
        if (!live.isEmpty()) {
            throw new ApiError(
                    409,
                    "restore-under-way",
                    "Node " + String.join(", node ", live)
                            + " restores into this namespace, and would undo what is imported at old versions. Import"
                            + " once that is over; a restore whose node was killed counts for ten minutes.");
        }
        if (!all) {
            throw ApiError.unavailable(
                    "no-provider",
                    "Nobody can say now whether a restore into this namespace is under way. Try again.",
                    1);
        }
        lapsed.forEach(records::delete);
    }

    private boolean put(NamespaceId into, String node, long millis) {
        return records.put(key(into, node), Long.toString(millis).getBytes(StandardCharsets.US_ASCII));
    }

    private static Key key(NamespaceId into, String node) {
        return Key.of(prefix(into) + node);
    }

    private static String prefix(NamespaceId into) {
        return PREFIX + into + "/";
    }
}

package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.compat.Fanout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A page of keys with what each of them holds, by a confirmed read of its own.
 *
 * @param entries those that still had a value when they were read
 * @param next the key after which the next page begins; null at the end
 */
public record ValuePage(List<Entry> entries, @Nullable Key next, boolean confirmed) {
    /** Values that a page holds together, in bytes. The first is taken whatever its size. */
    static final long BYTES = 8L * 1024 * 1024;
    /** Reads under way at once: enough to hide a provider's latency, few enough to leave room for others. */
    private static final int WIDTH = 32;

    public record Entry(Key key, Record record) {}

    static ValuePage read(Store store, NamespaceId namespace, Listing.Keys page, Time time) throws ApiError {
        return read(store, namespace, page, WIDTH, time);
    }

    /** @param width reads under way at once */
    public static ValuePage read(Store store, NamespaceId namespace, Listing.Keys page, int width, Time time)
            throws ApiError {
        List<Listed> keys = page.keys().subList(0, fitting(page.keys()));
        AtomicReferenceArray<@Nullable Answer> answers = new AtomicReferenceArray<>(keys.size());
        Fanout.each(keys.size(), width, time, i -> {
            Answer answer = store.get(namespace, keys.get(i).key(), ReadMode.CONFIRMED);
            answers.set(i, answer);
            return !(answer instanceof Answer.Unavailable);
        });
        for (int i = 0; i < keys.size(); i++) {
            if (answers.get(i) instanceof Answer.Unavailable unavailable) {
                throw Outcomes.refused(unavailable.why());
            }
        }
        List<Entry> entries = new ArrayList<>(keys.size());
        boolean confirmed = page.confirmed();
        long bytes = 0;
        for (int i = 0; i < keys.size(); i++) {
            switch (answers.get(i)) {
                case Answer.Found(Record record, var freshness) -> {
                    bytes += record.value().length;
                    if (bytes > BYTES && !entries.isEmpty()) {
                        // It has grown since it was listed.
                        return new ValuePage(entries, keys.get(i - 1).key(), confirmed);
                    }
                    confirmed &= freshness.confirmed();
                    entries.add(new Entry(keys.get(i).key(), record));
                }
                case Answer.Missing missing -> confirmed &= missing.freshness().confirmed();
                case null, default -> throw new IllegalStateException("a key was not read");
            }
        }
        boolean whole = keys.size() == page.keys().size();
        return new ValuePage(entries, whole ? page.next() : keys.getLast().key(), confirmed);
    }

    /** How many of the keys fit into a page, by the sizes they were listed with. */
    private static int fitting(List<Listed> keys) {
        long bytes = 0;
        for (int i = 0; i < keys.size(); i++) {
            bytes += keys.get(i).head().valueBytes();
            if (bytes > BYTES && i > 0) {
                return i;
            }
        }
        return keys.size();
    }
}

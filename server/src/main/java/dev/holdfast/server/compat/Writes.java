package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes without conditions, one or many. */
public final class Writes {
    /** How many writes of one bulk request are under way at a time: enough to fill a group commit. */
    private static final int WIDTH = 64;
    /** After so many failures the rest of a bulk request is not tried: the store is in trouble, and the client comes again. */
    private static final int FAILURES = 64;

    private final Store store;
    private final Time time;

    public Writes(Store store, Time time) {
        this.store = store;
        this.time = time;
    }

    /** One value to be written; already checked. */
    public record Item(Key key, byte[] value, byte[] metadata, long expiration) {}

    /**
     * What became of a bulk write.
     *
     * @param unsuccessful keys that were not acknowledged, in the order of the request
     * @param why what the first of them met with; null when all were written
     */
    public record Outcome(
            int successful,
            List<Key> unsuccessful,
            @Nullable Refused why) {}

    public void put(Namespace namespace, Item item) throws Refused {
        Refused refused = trouble(tryPut(namespace, item));
        if (refused != null) {
            throw refused;
        }
    }

    public void delete(Namespace namespace, Key key) throws Refused {
        Refused refused = trouble(store.delete(namespace, key, Condition.NONE));
        if (refused != null) {
            throw refused;
        }
    }

    /** @param items with no key twice */
    public Outcome putAll(Namespace namespace, List<Item> items) {
        return all(items.stream().map(Item::key).toList(), i -> tryPut(namespace, items.get(i)));
    }

    /** @param keys none of them twice */
    public Outcome deleteAll(Namespace namespace, List<Key> keys) {
        return all(keys, i -> store.delete(namespace, keys.get(i), Condition.NONE));
    }

    private interface Write {
        Written write(int index);
    }

    private Outcome all(List<Key> keys, Write write) {
        AtomicReferenceArray<@Nullable Boolean> done = new AtomicReferenceArray<>(keys.size());
        AtomicInteger failures = new AtomicInteger();
        AtomicReferenceArray<@Nullable Refused> first = new AtomicReferenceArray<>(1);
        Fanout.each(keys.size(), WIDTH, time, i -> {
            Refused refused = trouble(write.write(i));
            if (refused == null) {
                done.set(i, true);
                return true;
            }
            first.compareAndSet(0, null, refused);
            return failures.incrementAndGet() < FAILURES;
        });
        List<Key> unsuccessful = IntStream.range(0, keys.size())
                .filter(i -> done.get(i) == null)
                .mapToObj(keys::get)
                .toList();
        return new Outcome(keys.size() - unsuccessful.size(), unsuccessful, first.get(0));
    }

    private Written tryPut(Namespace namespace, Item item) {
        return store.put(namespace, item.key, item.value, item.metadata, item.expiration, Condition.NONE);
    }

    private static @Nullable Refused trouble(Written written) {
        return switch (written) {
            case Written.Acknowledged _ -> null;
            case Written.Refused refused -> Refused.unavailable(refused.why());
            case Written.Unknown unknown -> Refused.unknown(unknown.why());
            case Written.ConditionFailed _ -> throw new IllegalStateException("there was no condition");
        };
    }
}

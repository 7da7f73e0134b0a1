package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How many keys and bytes are stored in namespaces for which that is bounded. They are counted by listing them, every ten minutes; after
 * a count what is written at this node is added to it. That takes a value which replaces another one for a new one, and so says too
 * much, never too little of this node's own writes. What matters is told by the next count, which comes early where the bound may have been
 * reached.
 *
 * <p>Counting takes a fifth of the time at most, so that a large namespace costs the others little. Thread-safe.
 */
public final class StoredUse implements AutoCloseable {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long INTERVAL_NANOS = 600_000_000_000L;
    private static final long EARLY_NANOS = 10_000_000_000L;
    private static final int PAGE = 1_000;
    private static final int REST = 4;
    private static final byte[] ALL = {};

    private final Store store;
    private final Time time;
    private final Supplier<List<Namespace>> bounded;
    private final Predicate<Namespace> pressed;
    private final Map<NamespaceId, Use> uses = new ConcurrentHashMap<>();
    private final Thread counting;

    /** What was written here since the node began, and what was then at the last count. */
    private static final class Use {
        private final LongAdder puts = new LongAdder();
        private final LongAdder putBytes = new LongAdder();
        private volatile Counted counted = Counted.NEVER;
    }

    /**
     * One count.
     *
     * @param puts made before it began
     * @param at nanoseconds of {@link Time#nanos}, when it ended
     * @param took nanoseconds
     */
    private record Counted(boolean done, long keys, long bytes, long puts, long putBytes, long at, long took) {
        private static final Counted NEVER = new Counted(false, 0, 0, 0, 0, 0, 0);
    }

    /**
     * What is stored.
     *
     * @param known whether it was counted yet
     * @param keys at the last count
     * @param bytes at the last count
     * @param mostKeys that there can be now, as far as this node has written
     * @param mostBytes that there can be now, as far as this node has written
     */
    public record Stored(boolean known, long keys, long bytes, long mostKeys, long mostBytes) {
        public static final Stored UNKNOWN = new Stored(false, 0, 0, 0, 0);
    }

    /**
     * Begins to count.
     *
     * @param bounded the namespaces to count
     * @param pressed whether the bound of one may have been reached, so that it is to be counted early
     */
    public StoredUse(Store store, Time time, Supplier<List<Namespace>> bounded, Predicate<Namespace> pressed) {
        this.store = store;
        this.time = time;
        this.bounded = bounded;
        this.pressed = pressed;
        this.counting = Background.start(time, "stored-use", this::step);
    }

    /** Of one that is not counted, unknown. */
    public Stored of(NamespaceId namespace) {
        Use use = uses.get(namespace);
        if (use == null || !use.counted.done) {
            return Stored.UNKNOWN;
        }
        Counted counted = use.counted;
        return new Stored(
                true,
                counted.keys,
                counted.bytes,
                counted.keys + use.puts.sum() - counted.puts,
                counted.bytes + use.putBytes.sum() - counted.putBytes);
    }

    /** Notes what was written at this node. */
    void written(NamespaceId namespace, long bytes) {
        Use use = uses.get(namespace);
        if (use != null) {
            use.puts.increment();
            use.putBytes.add(bytes);
        }
    }

    static long bytes(Key key, int valueBytes, int metadataBytes) {
        return (long) key.bytes().length + valueBytes + metadataBytes;
    }

    private long step() throws InterruptedException {
        List<Namespace> all = bounded.get();
        uses.keySet().retainAll(all.stream().map(Namespace::id).toList());
        for (Namespace namespace : all) {
            Use use = uses.computeIfAbsent(namespace.id(), named -> new Use());
            if (due(namespace, use.counted)) {
                count(namespace.id(), use);
            }
        }
        return LOOK_NANOS;
    }

    private boolean due(Namespace namespace, Counted counted) {
        if (!counted.done) {
            return true;
        }
        long age = time.nanos() - counted.at;
        return age > INTERVAL_NANOS || (age > Math.max(EARLY_NANOS, counted.took) && pressed.test(namespace));
    }

    private void count(NamespaceId namespace, Use use) throws InterruptedException {
        long puts = use.puts.sum();
        long putBytes = use.putBytes.sum();
        long began = time.nanos();
        long keys = 0;
        long bytes = 0;
        Key after = null;
        do {
            long asked = time.nanos();
            if (!(store.list(namespace, ALL, after, PAGE) instanceof Listing.Keys page) || !page.confirmed()) {
                // A count that may lack some says nothing; the one before goes on to hold.
                return;
            }
            for (Listed listed : page.keys()) {
                keys++;
                bytes += bytes(
                        listed.key(), listed.head().valueBytes(), listed.head().metadata().length);
            }
            after = page.next();
            time.sleep(REST * (time.nanos() - asked));
        } while (after != null);
        use.counted = new Counted(true, keys, bytes, puts, putBytes, time.nanos(), time.nanos() - began);
    }

    @Override
    public void close() {
        counting.interrupt();
    }
}

package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;

import dev.holdfast.engine.edge.ChangeStream;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An origin with keys, a feed and a count of what it is asked, which does as a story says. */
final class PinnedOrigin implements Store, ChangeStream {
    private static final Refusal NOBODY = new Refusal(Reason.NO_PROVIDER, "nobody");

    private final TwoHomes world;
    private final Deque<Event> told = new ArrayDeque<>();
    private final NavigableMap<Key, Record> keys = new TreeMap<>();
    private long beatNanos;
    private int sequence;
    private long millis;

    /** Questions for single keys. */
    int gets;
    /** Pages of listings. */
    int pages;
    /** Keys of a page, whatever is asked for. */
    int page = 7;

    long takes;
    /** Nobody reaches it. */
    boolean dead;
    /** How many of the next questions end by an exception that none should end by. */
    int defects;
    /** It knows no answer. */
    boolean unsure;

    /** The feed says nothing. */
    boolean mute;

    /** What only a home that lags still says of a key, and nobody vouches for. */
    final Map<Key, Record> lagging = new HashMap<>();

    /** Keys of which it knows no answer, though it lists them. */
    final Set<Key> unknown = new HashSet<>();

    /** How many of its keys another namespace has, too. */
    int ofOther;

    Version floor = Version.NONE;

    PinnedOrigin(TwoHomes world) {
        this.world = world;
        this.beatNanos = world.time.nanos();
    }

    private Version version() {
        millis = Math.max(millis + 1, world.time.wallMillis());
        return Version.of(millis, 0, 7);
    }

    // What happens there.

    /** A write that the feed tells. */
    Version set(String key, int value) {
        return tell(Key.of(key), keep(key, value));
    }

    /** The same in the other namespace. */
    void setOther(String key, int value) {
        Record record = keep(key, value);
        Position at = at(++sequence).at();
        told.add(new Event.Told(new Change(at, PinnedEdge.OTHER.id(), Key.of(key), record.version(), record)));
    }

    /** A write that it tells without the record. */
    Version setLarge(String key, int value) {
        Version version = keep(key, value).version();
        told.add(new Event.Told(new Change(at(++sequence).at(), TwoHomes.NAMESPACE.id(), Key.of(key), version, null)));
        return version;
    }

    /** A write that it never tells. */
    Record keep(String key, int value) {
        return keep(key, value, Record.NEVER);
    }

    Record keep(String key, int value, long expiration) {
        Record record = Record.of(version(), expiration, new byte[0], new byte[] {(byte) value});
        keys.put(Key.of(key), record);
        return record;
    }

    void remove(String key) {
        tell(Key.of(key), drop(key));
    }

    /** A delete that it never tells. */
    Record drop(String key) {
        Record tombstone = Record.tombstone(version());
        keys.put(Key.of(key), tombstone);
        return tombstone;
    }

    /** Forgets what was deleted, as a collection does. */
    void collect() {
        floor = Version.of(millis, 0, 7);
        keys.values().removeIf(Record::tombstone);
    }

    /** What it held earlier, as of a home that has yet to hear of what came since. */
    void back(String key, Record old) {
        keys.put(Key.of(key), old);
    }

    /** What was never written, as from a backup. */
    void lose(String key) {
        keys.remove(Key.of(key));
    }

    Version tell(Key key, Record record) {
        Position at = at(++sequence).at();
        told.add(new Event.Told(new Change(at, TwoHomes.NAMESPACE.id(), key, record.version(), record)));
        return record.version();
    }

    /** What was to be told is not, and that is said. */
    void gap() {
        told.clear();
        told.add(new Event.Lost("a story says so"));
    }

    Point at() {
        return at(sequence);
    }

    private static Point at(int sequence) {
        return new Point("origin", new Position(1, sequence));
    }

    @Override
    public Event next() throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!mute && !dead && !told.isEmpty()) {
                return told.remove();
            }
            if (!mute && !dead && world.time.nanos() - beatNanos >= 0) {
                beatNanos = world.time.nanos() + SECOND;
                return new Event.Heard(at(sequence), world.time.nanos());
            }
            world.time.park(MILLI);
        }
    }

    // What it answers.

    private boolean answers() {
        world.time.park(MILLI + takes);
        return !dead;
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        if (defects > 0) {
            defects--;
            throw new IllegalStateException("a defect that nobody thought of");
        }
        gets++;
        Record record = keys.get(key);
        Record old = lagging.get(key);
        if (!answers() || unsure || unknown.contains(key)) {
            return new Answer.Unavailable(NOBODY);
        }
        if (old != null) {
            return new Answer.Found(old, new Freshness("origin", false, "one home alone says so"));
        }
        Freshness freshness = new Freshness("origin", true, "");
        return record != null && record.alive(world.time.wallMillis())
                ? new Answer.Found(record, freshness)
                : new Answer.Missing(record == null ? floor : record.version(), freshness);
    }

    @Override
    public Written put(Namespace in, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        if (!answers()) {
            return new Written.Unknown(NOBODY);
        }
        Record record = keep(key.toString(), value[0]);
        if (condition instanceof Condition.Matches) {
            return new Written.ConditionFailed(record.version());
        }
        Written written =
                new Written.Acknowledged(new Receipt(record.version(), List.of("a"), List.of(), 2, false, at()));
        world.time.park(takes);
        return written;
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        Record tombstone = drop(key.toString());
        return new Written.Acknowledged(new Receipt(tombstone.version(), List.of("a"), List.of(), 2, false, at()));
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        pages++;
        int most = namespace.equals(PinnedEdge.OTHER.id()) ? ofOther : Integer.MAX_VALUE;
        List<Listed> lines = new ArrayList<>();
        for (var entry : (after == null ? keys : keys.tailMap(after, false)).entrySet()) {
            Record record = entry.getValue();
            if (lines.size() < Math.min(page, most) && record.alive(world.time.wallMillis())) {
                Head head = new Head(
                        record.version(), false, record.expiration(), record.metadata(), record.value().length, 0);
                lines.add(new Listed(entry.getKey(), head));
            }
        }
        if (!answers()) {
            return new Listing.Unavailable(NOBODY);
        }
        return new Listing.Keys(
                lines,
                lines.size() < page || lines.size() >= most
                        ? null
                        : lines.getLast().key(),
                true);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

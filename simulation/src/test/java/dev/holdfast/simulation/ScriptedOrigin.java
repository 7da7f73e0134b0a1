package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;

import dev.holdfast.engine.edge.ChangeStream;
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
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An origin that answers as the story goes, and whose feed tells what the story says. Of one key, whose value is its version's number. */
final class ScriptedOrigin implements Store, ChangeStream {
    static final Key KEY = Key.of("k");

    private final TwoHomes world;
    private final Deque<Event> told = new ArrayDeque<>();
    Function<ReadMode, Answer> answers = _ -> found(1, true, 0);
    long takes;
    int version;
    private int sequence;

    ScriptedOrigin(TwoHomes world) {
        this.world = world;
    }

    static Version version(int number) {
        return Version.of(1_800_000_000_000L + number, 0, 7);
    }

    private static Record record(int number) {
        return Record.of(version(number), new byte[] {(byte) number});
    }

    static Answer found(int number, boolean confirmed, long ageMillis) {
        return new Answer.Found(record(number), new Freshness("origin", confirmed, "", ageMillis));
    }

    static Answer unavailable() {
        return new Answer.Unavailable(new Refusal(Reason.NO_PROVIDER, "nobody"));
    }

    static Point at(int sequence) {
        return new Point("origin", new Position(1, sequence));
    }

    @Override
    public Event next() {
        while (told.isEmpty()) {
            world.time.park(MILLI);
        }
        Event next = told.remove();
        return next instanceof Event.Heard(Point heard, var _, var _)
                ? new Event.Heard(heard, world.time.nanos())
                : next;
    }

    void hears() {
        tell(new Event.Heard(at(sequence), 0));
    }

    void tells(int number) {
        Position at = at(++sequence).at();
        tell(new Event.Told(new Change(at, TwoHomes.NAMESPACE.id(), KEY, version(number), record(number))));
    }

    /** The same without the record, as when it is large. */
    void tellsLarge(int number) {
        Position at = at(++sequence).at();
        tell(new Event.Told(new Change(at, TwoHomes.NAMESPACE.id(), KEY, version(number), null)));
    }

    /** A change that the feed will not tell any more. */
    void loses() {
        sequence++;
        tell(new Event.Lost("as the story goes"));
    }

    /** The node hears of changes by way of this one. */
    void refuses() {
        tell(new Event.Refused("as the story goes"));
    }

    private void tell(Event event) {
        told.add(event);
        world.time.park(10 * MILLI);
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        Answer answer = answers.apply(mode);
        world.time.park(takes);
        return answer;
    }

    @Override
    public Written put(Namespace in, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        Receipt receipt = new Receipt(version(++version), List.of("a", "b"), List.of(), 2, false, at(sequence));
        world.time.park(takes);
        return new Written.Acknowledged(receipt);
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        throw new UnsupportedOperationException();
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

package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.history.Telling;
import dev.holdfast.simulation.scheduler.Scheduler;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes the history, and adds each event to the digest of the run. */
final class Recorder {
    private static final long MILLI = 1_000_000L;

    private final Scheduler scheduler;
    private final OperationDigest digest;
    private final History history;
    private final Troubles troubles;
    private final NavigableSet<Integer> open = new TreeSet<>();
    private int operations;

    /** A call that waits for its answer. */
    record Begun(int at, long nanos) {}

    /** What a client asks for. */
    record Call(Operation.Kind kind, Key key, String value, long expiresNanos, Store.Condition condition) {
        static Call of(Operation.Kind kind, Key key, Store.Condition condition) {
            return new Call(kind, key, "", Operation.NEVER, condition);
        }
    }

    /**
     * What a reader asks for that may be answered from near.
     *
     * @param last whether all has been well for long
     */
    record Near(
            String client, String place, NearRead.At at, Key key, long ttlNanos, List<Point> session, boolean last) {}

    Recorder(Scheduler scheduler, History history, Troubles troubles) {
        this.scheduler = scheduler;
        this.digest = new OperationDigest(scheduler.digest());
        this.history = history;
        this.troubles = troubles;
    }

    Begun begin() {
        Begun begun = new Begun(history.tick(), scheduler.now());
        open.add(begun.at());
        return begun;
    }

    /** The call was not made after all. */
    void drop(Begun begun) {
        open.remove(begun.at());
    }

    /** The present place in the history. */
    int now() {
        return history.tick();
    }

    /** Whether a call that began before this place in the history still waits for its answer. */
    boolean waitsSince(int at) {
        return !open.isEmpty() && open.first() < at;
    }

    Operation end(Begun begun, String client, String node, Call call, Outcome outcome) {
        return end(begun, client, node, "", call, outcome);
    }

    /** @param via the edge that was called, and had it done at {@code node}; empty for none */
    Operation end(Begun begun, String client, String node, String via, Call call, Outcome outcome) {
        Operation operation = new Operation(
                operations++,
                client,
                node,
                via,
                call.kind(),
                call.key(),
                call.value(),
                call.expiresNanos(),
                call.condition(),
                outcome,
                begun.at(),
                history.tick(),
                begun.nanos(),
                scheduler.now(),
                troubles.worstSince(begun.at()));
        open.remove(begun.at());
        history.add(operation);
        digest.add(operation);
        return operation;
    }

    /** A reader was answered from near, or the node died before. */
    NearRead end(Begun begun, Near asked, @Nullable NearAnswer answer) {
        long asOf = begun.nanos() - (answer == null ? 0 : answer.ageMillis() + 1) * MILLI;
        NearRead read = new NearRead(
                asked.client(),
                asked.place(),
                asked.at(),
                asked.key(),
                asked.ttlNanos(),
                asked.session(),
                answer,
                asked.last(),
                begun.at(),
                history.tick(),
                begun.nanos(),
                scheduler.now(),
                troubles.worstSinceNanos(asOf - NearRead.ROUNDED_NANOS));
        open.remove(begun.at());
        history.add(read);
        digest.add(read);
        return read;
    }

    /** An edge was told this by an origin. */
    void told(Key key, Store.Answer answer) {
        if (answer instanceof Store.Answer.Found(Record record, Store.Freshness freshness) && !freshness.confirmed()) {
            history.unvouched(key, record.version());
        }
    }

    /** A follower was told something. */
    Telling told(String node, Position after, Page page) {
        Telling telling = new Telling(node, history.tick(), scheduler.now(), after, page);
        history.add(telling);
        return telling;
    }

    /** An edge dies or serves again. */
    void edgeChanges(String edge) {
        history.edgeChanges(edge, scheduler.now());
    }

    /** Something goes wrong, and is counted. */
    void fault(String what) {
        history.fault();
        incident(what);
    }

    /** Something happens that a story needs. */
    void incident(String what) {
        history.incident(scheduler.now(), what);
        scheduler.digest().add(what);
    }

    /** Every node says that every home holds everything. */
    void settled() {
        history.settled(scheduler.now());
    }

    void troubleBegins(String domain, boolean harmful) {
        troubles.begin(history.tick(), scheduler.now(), domain, harmful);
    }

    void troubleEnds(String domain) {
        troubles.end(history.tick(), scheduler.now(), domain);
    }
}

package dev.holdfast.engine.replication;

import dev.holdfast.engine.replication.StoreStatus.Move;
import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last changes of the providers' states, however short they were, for who looks now and then. Thread-safe. */
final class Moves {
    private static final int MOST = 64;

    private final Time time;
    private final Deque<Move> last = new ArrayDeque<>();
    private long count;

    Moves(Time time) {
        this.time = time;
    }

    synchronized void add(Member member, ProviderState from, ProviderState to, String evidence) {
        if (last.size() == MOST) {
            last.removeFirst();
        }
        last.add(new Move(++count, time.wallMillis(), member.name(), from, to, evidence));
    }

    synchronized List<Move> last() {
        return List.copyOf(last);
    }
}

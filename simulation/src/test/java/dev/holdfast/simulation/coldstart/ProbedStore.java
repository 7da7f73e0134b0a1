package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store, with a record of how long its reads took, kept apart from the engine's own. */
final class ProbedStore implements Store {
    private final Store store;
    private final Time time;
    private final List<Call> calls = new ArrayList<>();

    private record Call(long ended, long took, boolean failed) {}

    ProbedStore(Store store, Time time) {
        this.store = store;
        this.time = time;
    }

    /**
     * How many of the ten-second windows since {@code from} were outside: more than one call in a hundred, and three at least, took longer
     * than {@code slowNanos}, or more than one in fifty failed.
     */
    int windowsOutside(long from, long slowNanos) {
        int outside = 0;
        for (long begin = from; begin < time.nanos(); begin += 10 * RampWorld.SECOND) {
            int all = 0;
            int slow = 0;
            int failed = 0;
            for (Call call : calls) {
                if (call.ended >= begin && call.ended < begin + 10 * RampWorld.SECOND) {
                    all++;
                    slow += call.took > slowNanos ? 1 : 0;
                    failed += call.failed ? 1 : 0;
                }
            }
            outside += slow >= 3 && slow > all / 100.0 || failed >= 3 && failed > all / 50.0 ? 1 : 0;
        }
        return outside;
    }

    long now() {
        return time.nanos();
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        long began = time.nanos();
        Answer answer = store.get(namespace, key, mode);
        calls.add(new Call(time.nanos(), time.nanos() - began, answer instanceof Answer.Unavailable));
        return answer;
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return store.put(namespace, key, value, metadata, expiration, condition);
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return store.delete(namespace, key, condition);
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return store.list(namespace, prefix, after, limit);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return store.explain(namespace, key);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }
}

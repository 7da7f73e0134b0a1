package dev.holdfast.simulation;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that takes as long as the story says, and answers or does not. */
class ScriptedStore implements Store {
    private final Time time;
    volatile long takes = TwoHomes.MILLI;
    volatile boolean failing;

    ScriptedStore(Time time) {
        this.time = time;
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        time.park(takes);
        return failing
                ? new Answer.Unavailable(new Refusal(Reason.DEADLINE, "too late"))
                : new Answer.Found(Record.of(new Version(1), new byte[] {1}), new Freshness("a", true, "", 0));
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        time.park(takes);
        return new Written.Refused(new Refusal(Reason.TOO_FEW_HOMES, "none"));
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return new Listing.Keys(List.of(), null, true);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return new Explanation(List.of(), get(namespace, key, ReadMode.CONFIRMED));
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }
}

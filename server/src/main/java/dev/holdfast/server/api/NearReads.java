package dev.holdfast.server.api;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.server.http.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read as every door makes it: on the thread of the connection if that need not wait,. */
public record NearReads(NearStore store) {

    /**
     * For the thread that the call is on.
     *
     * @param session how far the client has come through other nodes; empty for none
     * @return null when that thread must not wait for what it takes
     */
    public @Nullable NearAnswer read(Call call, Namespace namespace, Key key, long ttlNanos, List<Point> session) {
        if (call.atOnce()) {
            return store.atOnce(namespace, key, ttlNanos, session);
        }
        return store.read(namespace, key, ttlNanos, session);
    }
}

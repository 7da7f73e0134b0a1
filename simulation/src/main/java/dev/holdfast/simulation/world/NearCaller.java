package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import java.util.List;

/** Who asks an edge or an origin. */
record NearCaller(NearStore store, Namespace namespace, long ttlNanos) implements Caller {
    private static final byte[] NOTHING = {};

    @Override
    public NearAnswer read(Key key, List<Point> session) {
        return store.read(namespace, key, ttlNanos, session);
    }

    @Override
    public NearAnswer confirmed(Key key) {
        return new NearAnswer(store.get(namespace.id(), key, ReadMode.CONFIRMED), CacheStatus.BYPASS, 0);
    }

    @Override
    public Written put(Key key, byte[] value, long expiration) {
        return store.put(namespace, key, value, NOTHING, expiration, Condition.NONE);
    }

    @Override
    public Written delete(Key key) {
        return store.delete(namespace, key, Condition.NONE);
    }
}

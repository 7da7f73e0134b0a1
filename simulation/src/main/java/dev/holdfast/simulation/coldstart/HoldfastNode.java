package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.simulation.scheduler.SimulatedTime;

/** The engine that ships. */
record HoldfastNode(SimulatedTime time, NearStore near, long ttlNanos) implements Serving {
    private static final byte[] NOTHING = {};

    @Override
    public boolean atOnce(Namespace namespace, Key key) {
        NearAnswer hit = near.atOnce(namespace, key, ttlNanos);
        return hit != null && hit.answer() instanceof Answer.Found;
    }

    @Override
    public boolean read(Namespace namespace, Key key) {
        return near.read(namespace, key, ttlNanos).answer() instanceof Answer.Found;
    }

    @Override
    public void fill(Namespace namespace, Key key, byte[] value) {
        Store.Written written = near.put(namespace, key, value, NOTHING, Record.NEVER, Store.Condition.NONE);
        if (!(written instanceof Store.Written.Acknowledged)) {
            throw new IllegalStateException("all is well as yet, and " + written);
        }
    }
}

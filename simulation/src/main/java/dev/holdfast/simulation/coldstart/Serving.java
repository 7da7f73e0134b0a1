package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.scheduler.SimulatedTime;

/** A process of the node that serves. */
interface Serving {
    SimulatedTime time();

    /** Whether it answers a read from its cache. */
    boolean atOnce(Namespace namespace, Key key);

    /** Whether it answers a read, however long that takes. */
    boolean read(Namespace namespace, Key key);

    /** Gives a key a value while all is well. */
    void fill(Namespace namespace, Key key, byte[] value);
}

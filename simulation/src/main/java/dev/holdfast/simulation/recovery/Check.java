package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.replication.KeyRef;

/** One thing that must hold. Is told of what happens in the world, and judges in the end. Confined to the world. */
interface Check {
    /** A read that has ended, with all its tries. */
    default void read(KeyRef ref, long beganNanos, Got got) {}

    /** Called once all is over. */
    Finding judge();
}

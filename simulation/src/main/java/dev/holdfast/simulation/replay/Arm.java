package dev.holdfast.simulation.replay;

import java.util.OptionalLong;

/** One way to build the store. Called on threads of the simulated world, many at a time. */
interface Arm {

    /** The store cannot answer. */
    final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String why) {
            super(why, null, false, false);
        }
    }

    /** Begins; called once, on a thread of the world. */
    void start();

    /** @return the number of the write whose value it is; empty when there is no value */
    OptionalLong get(int key) throws Failed;

    /** Returns when the write is acknowledged. */
    void put(int key, long number) throws Failed;

    /** Whether it has nothing left to do: what was acknowledged is where the arm wants it. */
    boolean settled();
}

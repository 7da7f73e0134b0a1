package dev.holdfast.simulation.world;

import java.util.List;

/** What lives beside the origins and asks them over wires: an edge, or an application with a client. */
interface Station {
    Machine<?> machine();

    default String name() {
        return machine().name();
    }

    /** To each origin. */
    List<Wire> wires();

    default void start() {
        machine().start();
    }

    /** As kill -9 and a power cut. */
    void crash();

    /** Steps the wall clock. */
    default void skew(long millis) {
        machine().skew(millis);
    }
}

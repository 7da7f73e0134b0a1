package dev.holdfast.simulation.world;

import java.util.List;

/** What lives beside the origins and asks them over wires: an edge, or an application with a client. */
interface Station {
    String name();

    /** To each origin. */
    List<Wire> wires();

    void start();

    /** As kill -9 and a power cut. */
    void crash();

    /** Steps the wall clock. */
    void skew(long millis);
}

package dev.holdfast.engine.admission;

/**
 * What comes to the store, and what does not.
 *
 * @param underWay calls that are at the store
 * @param limit how many may be there at a time
 * @param waiting calls that wait for a turn
 * @param waited how many have waited since the start
 * @param shed how many were refused since the start, by tier
 * @param recovering whether the store is given no more than it has borne
 * @param borne calls a second that it has borne
 * @param bound calls a second that it is given at most while it recovers
 */
public record AdmissionStatus(
        int underWay,
        int limit,
        int waiting,
        long waited,
        long[] shed,
        boolean recovering,
        double borne,
        double bound) {}

package dev.holdfast.client.transport;

/** What sending a request twice would do. */
public enum Repeat {
    /** Nothing: it only reads. It is retried after any failure, and hedged. */
    ALWAYS,
    /** Nothing, and the caller has something to fall back on: it is retried where that needs no waiting, and hedged. */
    AT_ONCE,
    /** It would happen twice. It is sent again only when it has surely not happened: not connected, or refused with 429 or 503. */
    IF_REFUSED,
    /** It is sent once, whatever becomes of it. */
    NEVER;

    /** Whether it may be sent as often as one likes. */
    boolean harmless() {
        return this == ALWAYS || this == AT_ONCE;
    }
}

package dev.holdfast.client.transport;

/** What sending a request twice would do. */
public enum Repeat {
    /** Nothing: it only reads. It is retried after any failure, and hedged. */
    ALWAYS,
    /** It would happen twice. It is sent again only when it has surely not happened: not connected, or refused with 429 or 503. */
    IF_REFUSED,
    /** It is sent once, whatever becomes of it. */
    NEVER
}

package dev.holdfast.client.cache;

/**
 * How far what is kept can be relied on, as a number: the generation of its namespace in which the server was asked. A gap in
 * the stream of changes begins a new generation, and everything older is to be asked for again.
 */
final class Trust {
    /** Something newer is known to exist, or may. */
    static final int NONE = -1;

    /** What namespaces begin with, and what is found on disk at the start. */
    static final int FIRST = 0;

    private Trust() {}
}

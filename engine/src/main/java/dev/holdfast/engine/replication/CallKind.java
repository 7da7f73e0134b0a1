package dev.holdfast.engine.replication;

/** Calls that take about equally long, and are waited for and judged alike. */
public enum CallKind {
    READ,
    WRITE,
    /** Reads a page of many keys. */
    SCAN,
    /** Tries out whether the provider is well: several calls in a row. */
    PROBE;

    /** What its threads are called. */
    public String label() {
        return switch (this) {
            case READ -> "read";
            case WRITE -> "write";
            case SCAN -> "scan";
            case PROBE -> "probe";
        };
    }

    /** Deadlines are never shorter than this many times the configured least one. */
    int leastDeadlines() {
        return switch (this) {
            case READ -> 1;
            case WRITE, PROBE -> 2;
            case SCAN -> 20;
        };
    }
}

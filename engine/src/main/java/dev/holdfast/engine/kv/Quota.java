package dev.holdfast.engine.kv;

/**
 * How much may be had of a namespace; 0 for as much as there is.
 *
 * @param requests a second that are let in, over all doors
 * @param keys that may be stored
 * @param bytes of keys, values and metadata that may be stored
 */
public record Quota(long requests, long keys, long bytes) {
    /** So many requests a second can be told from one another in time. */
    public static final long MOST_REQUESTS = 10_000_000;

    public static final Quota NONE = new Quota(0, 0, 0);

    public Quota {
        if (requests < 0 || requests > MOST_REQUESTS || keys < 0 || bytes < 0) {
            throw new IllegalArgumentException("not a quota: " + requests + ", " + keys + ", " + bytes);
        }
    }

    public boolean unlimited() {
        return requests == 0 && keys == 0 && bytes == 0;
    }

    /** Whether it bounds what is stored. */
    public boolean ofStored() {
        return keys > 0 || bytes > 0;
    }
}

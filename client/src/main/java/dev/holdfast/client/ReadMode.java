package dev.holdfast.client;

/** Who must be asked for a read. */
public enum ReadMode {
    /** Whoever is near: the near cache of this client, if it has one, or whatever the server takes for fresh enough. */
    NEAR,
    /** Every provider whose word counts. */
    CONFIRMED,
    /** Every provider that can be reached. */
    FRESH
}

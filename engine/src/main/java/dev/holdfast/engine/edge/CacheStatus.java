package dev.holdfast.engine.edge;

/** How the near cache came by an answer, in the words of {@code CF-Cache-Status}. */
public enum CacheStatus {
    /** It was here, and known to be the newest within its time to live. */
    HIT,
    /** It was not here, or not sure enough, and was asked for. */
    MISS,
    /** It was here and past its time; whoever knows better is being asked and has not answered yet. */
    UPDATING,
    /** It was here and past its time, and nobody can be asked: the last known good. */
    STALE,
    /** The cache was passed by. */
    BYPASS
}

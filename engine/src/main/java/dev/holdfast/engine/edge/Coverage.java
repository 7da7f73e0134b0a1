package dev.holdfast.engine.edge;

/** How far this node has heard of all changes that are made anywhere. */
@FunctionalInterface
public interface Coverage {
    /** Nothing is heard: an entry is the newest as of when it was told. */
    Coverage NONE = toldNanos -> toldNanos;

    /**
     * Until when an entry that was told at {@code toldNanos}, and that no change heard of since has touched, is known to be the
     * newest; not before {@code toldNanos}. By {@code Time.nanos}.
     */
    long newestUntil(long toldNanos);
}

package dev.holdfast.engine.incident;

/** Where rooms and doors put down what was done. Thread-safe, and never waits. */
@FunctionalInterface
public interface Timeline {
    /**
     * Puts it on the timeline of each incident that is open, and of those that open within the next ten minutes.
     *
     * @param who {@link TimelineEntry#SYSTEM}, or the operator
     * @param what a sentence
     */
    void note(String who, String what);
}

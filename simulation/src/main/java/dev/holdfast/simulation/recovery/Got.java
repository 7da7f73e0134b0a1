package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Version;

/** What a read came to. */
sealed interface Got {
    /**
     * @param number of the write whose value it is
     * @param ageNanos how old the answer says it is; 0 where a store does not say
     * @param version {@link Version#NONE} where a store has none to be insisted on
     */
    record Value(long number, long ageNanos, Version version) implements Got {}

    /** No value. */
    enum Nothing implements Got {
        /** There is no such key. */
        ABSENT,
        /** No answer, or an error. */
        FAILED
    }

    default boolean failed() {
        return this == Nothing.FAILED;
    }
}

package dev.holdfast.engine.incident;

import java.util.function.Consumer;

/** Says what is wrong, by one kind of evidence. Belongs to one thread. */
interface Detector {
    /** @param found takes all that is wrong now; what is not found again is over */
    void look(Observation now, Consumer<Finding> found);
}

package dev.holdfast.engine.incident;

import java.util.List;

/** Something that acts by itself, and tells what it has done. Asked a few times a second by one thread, and answers from memory. */
@FunctionalInterface
public interface Acts {
    /** What was done since it was last asked, a sentence each. */
    List<String> news();
}

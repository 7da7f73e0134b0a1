package dev.holdfast.simulation.check;

import java.util.List;

/**
 * A broken promise.
 *
 * @param promise which one, as DESIGN names it
 * @param sentence what is wrong
 * @param story the events that show it, in order
 */
public record Violation(String promise, String sentence, List<String> story) {
    public Violation {
        story = List.copyOf(story);
    }

    @Override
    public String toString() {
        return promise + ": " + sentence + "\n    " + String.join("\n    ", story);
    }
}

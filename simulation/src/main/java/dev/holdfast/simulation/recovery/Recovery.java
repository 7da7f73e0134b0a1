package dev.holdfast.simulation.recovery;

import java.util.List;
import java.util.function.Function;

/**
 * An outage, and what comes after it until all is well again or is not, that can be played.
 *
 * @param title for people
 * @param happened what happened, in sentences, as published
 * @param limits what the store does not prevent, in sentences
 * @param assumptions what had to be chosen
 * @param arms ways to build and use the store
 * @param marks what happens when, on every arm
 * @param begin of the trigger, in seconds since the beginning
 * @param gone when the trigger is gone
 * @param seconds that are played
 */
public record Recovery(
        String name,
        String title,
        List<String> happened,
        List<String> limits,
        List<String> assumptions,
        List<String> arms,
        List<Mark> marks,
        int begin,
        int gone,
        int seconds,
        Function<String, Played> player) {
    public Recovery {
        happened = List.copyOf(happened);
        limits = List.copyOf(limits);
        assumptions = List.copyOf(assumptions);
        arms = List.copyOf(arms);
        marks = List.copyOf(marks);
    }

    /** @param second since the beginning */
    public record Mark(int second, String what) {}

    /** Plays it on one arm, on the calling thread. */
    public Played play(String arm) {
        return player.apply(arm);
    }
}

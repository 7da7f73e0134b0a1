package dev.holdfast.simulation.replay;

import java.util.List;
import java.util.function.Consumer;

/**
 * An outage that can be played again.
 *
 * @param title for people
 * @param happened what happened, in sentences
 * @param remarks what helps to read the outcome
 * @param assumptions what had to be assumed to play it again
 * @param outageNanos how long it lasted
 * @param events what is done to the providers, in order
 */
public record Scenario(
        String name,
        String title,
        List<String> happened,
        List<String> remarks,
        List<String> assumptions,
        long outageNanos,
        List<Event> events) {
    static final long WELL_NANOS = 600_000_000_000L;
    static final long AFTER_NANOS = 1_200_000_000_000L;

    public Scenario {
        happened = List.copyOf(happened);
        remarks = List.copyOf(remarks);
        assumptions = List.copyOf(assumptions);
        events = List.copyOf(events);
    }

    /**
     * Something that befalls the providers.
     *
     * @param nanos after the outage began; negative for before
     */
    public record Event(long nanos, String what, Consumer<Places> action) {}

    /** When it begins, in virtual time. */
    public long beginNanos() {
        return WELL_NANOS;
    }

    public long endNanos() {
        return WELL_NANOS + outageNanos;
    }

    /** Whether what was broken is mended in the end. */
    public boolean ends() {
        return events.getLast().nanos() == outageNanos;
    }

    /** Which time the figures are of, as a heading. */
    String counted() {
        return ends() ? "During the outage" : "In its first " + outageNanos / 60_000_000_000L + " minutes";
    }
}

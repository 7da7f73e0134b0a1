package dev.holdfast.engine.incident;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** Findings that are over only some time after they were last made: what shows in single events, such as a damaged record. */
final class Held {
    private final long nanos;
    private final SequencedMap<String, Seen> last = new LinkedHashMap<>();

    /** When a finding was last made. */
    private record Seen(Finding finding, long at) {}

    /** @param nanos for how long they are held */
    Held(long nanos) {
        this.nanos = nanos;
    }

    void found(Finding finding, long now) {
        last.put(finding.kind() + " " + finding.subject(), new Seen(finding, now));
    }

    boolean has(AlarmKind kind, String subject) {
        return last.containsKey(kind + " " + subject);
    }

    void forEach(long now, Consumer<Finding> found) {
        last.values().removeIf(seen -> now - seen.at() > nanos);
        last.values().forEach(seen -> found.accept(seen.finding()));
    }
}

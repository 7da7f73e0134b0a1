package dev.holdfast.engine.incident.notice;

import dev.holdfast.engine.incident.Incident;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is told of an incident.
 *
 * @param before what they were told of it last; null for nothing
 */
public record Notice(
        Event event, Incident incident, @Nullable Told before) {

    /** Why they are told. */
    public enum Event {
        OPENED,
        /** Its severity or its alarms. */
        CHANGED,
        REOPENED,
        CLOSED,
        /** It is open as before: for those who take silence for its end. */
        STILL_OPEN,
        /** Nothing is wrong: an operator wants to see whether notices arrive. */
        TEST;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static Notice of(Incident incident, @Nullable Told before) {
        Told known = before != null && before.anything() ? before : null;
        if (!incident.open()) {
            return new Notice(Event.CLOSED, incident, known);
        } else if (known == null) {
            return new Notice(Event.OPENED, incident, null);
        }
        return new Notice(known.open() ? Event.CHANGED : Event.REOPENED, incident, known);
    }
}

package dev.holdfast.engine.incident;

import java.util.List;

/**
 * Something is wrong, or was, and who was hurt by it. Times are in milliseconds since the Unix epoch.
 *
 * @param id its time of opening, {@code 20261126-174502} in UTC, with {@code -2} and so on for others of that second
 * @param cause what it is about, for programs: {@code provider:b}, {@code store}, {@code disk:here}
 * @param title what it is about, for people
 * @param severity now; of a closed one, the last
 * @param worst the worst it has had
 * @param openedAt when it was detected
 * @param changedAt when its severity, its alarms or its end last changed
 * @param closedAt 0 while it is open
 * @param reopened how often it had been closed and came back
 * @param alarms in the order in which they were first found
 * @param impact the namespaces that were hurt, those of the first tiers and with the most refused requests first
 */
public record Incident(
        String id,
        String cause,
        String title,
        Severity severity,
        Severity worst,
        long openedAt,
        long changedAt,
        long closedAt,
        int reopened,
        List<Alarm> alarms,
        List<Impact> impact) {
    public boolean open() {
        return closedAt == 0;
    }
}

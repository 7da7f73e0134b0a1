package dev.holdfast.engine.incident;

import java.time.Duration;

/**
 * How incidents are told, and for how long they are kept.
 *
 * @param objective the share of requests that is to be answered, in time; 0.5 to 0.99999
 * @param slow within which an answer of the store is in time
 * @param calm for how long a lesser severity must have been enough before it is told
 * @param quiet for how long nothing must have been wrong before an incident is closed
 * @param reopen for how long after that the same cause opens the same incident again
 * @param mostClosed how many closed ones are kept
 * @param keep for how long they are
 */
public record IncidentConfig(
        double objective,
        Duration slow,
        Duration calm,
        Duration quiet,
        Duration reopen,
        int mostClosed,
        Duration keep) {
    public static final IncidentConfig DEFAULT = new IncidentConfig(
            .999,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            200,
            Duration.ofDays(90));
}
